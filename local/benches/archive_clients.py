"""The copies that run in Python, each in a process of its own: one to warm up, then the measured.

`python -m benches.archive_clients CASE WARM_LINK LINK SINK` waits for a line before the second
copy, as a warm function waits for its event, and prints what the copy took.
"""

import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BUCKET = "bench"
COPY_SECONDS = 120.0
PIECE = 262_144
Copy = Callable[[str], None]


def ours(link: str, sink: str) -> Copy:
    """The product's own adapters: the guarded look, then one checked stream into one PUT."""
    from video_pipeline.adapters import aws  # noqa: PLC0415 - each case loads what it uses
    from video_pipeline.adapters.archive import S3Archive  # noqa: PLC0415
    from video_pipeline.adapters.guarded_fetch import GuardedFetcher  # noqa: PLC0415
    from video_pipeline.adapters.video_links import GuardedVideoLinks  # noqa: PLC0415
    from video_pipeline.ports import Labels  # noqa: PLC0415

    origin = "{0.scheme}://{0.netloc}".format(urlsplit(link))
    fetcher = GuardedFetcher(frozenset({origin}), COPY_SECONDS, quiet_seconds=15)
    links, archive = (
        GuardedVideoLinks(fetcher),
        S3Archive(aws.s3(), aws.s3_once(), BUCKET, "STANDARD"),
    )

    def copy(link: str) -> None:
        with links.open(link) as video:
            stored = archive.copy("video.mp4", video, Labels("video/mp4"), None)
            assert len(stored.sha256) == 64  # noqa: PLR2004, S101 - hexadecimal

    assert sink  # noqa: S101 - the clients know it from their environment
    return copy


def upload_fileobj(_link: str, _sink: str) -> Copy:
    """boto3's own streaming upload, SHA-256 on the way."""
    client, opened = _client(), _pool()

    def copy(link: str) -> None:
        with opened(link) as body:
            hashed = Hashed(body)
            client.upload_fileobj(hashed, BUCKET, "video.mp4")
            hashed.sha256.hexdigest()

    return copy


def download_upload(_link: str, _sink: str) -> Copy:
    """To disk, hashed on the way, then from disk."""
    client, opened = _client(), _pool()

    def copy(link: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, sha256 = Path(folder) / "video.mp4", hashlib.sha256()
            with opened(link) as body, path.open("wb") as file:
                while piece := body.read(PIECE):
                    sha256.update(piece)
                    file.write(piece)
            client.upload_file(str(path), BUCKET, "video.mp4")

    return copy


class Hashed:
    def __init__(self, body: Any) -> None:  # noqa: ANN401 - any reader
        self._body = body
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._body.read(size)
        self.sha256.update(piece)
        return piece


def _client() -> Any:  # noqa: ANN401 - boto3's
    import boto3  # noqa: PLC0415

    return boto3.client("s3")


def _pool() -> Any:  # noqa: ANN401 - urllib3's
    import urllib3  # noqa: PLC0415

    pool = urllib3.PoolManager()
    return lambda link: pool.request("GET", link, preload_content=False)


CASES = {"ours": ours, "upload_fileobj": upload_fileobj, "download_upload": download_upload}


def resident(name: str) -> float:
    """Return a line of this process's memory, in MB of 10^6 bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1_024 / 1e6
    raise KeyError(name)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(case: str, warm_link: str, link: str, sink: str) -> None:
    copy = CASES[case](link, sink)
    copy(warm_link)
    print("ready", flush=True)
    sys.stdin.readline()
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    memory, used, began = resident("VmRSS"), cpu(), time.perf_counter()
    copy(link)
    took = {"seconds": time.perf_counter() - began, "cpu": cpu() - used}
    print(json.dumps({**took, "extra_rss_mb": resident("VmHWM") - memory}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

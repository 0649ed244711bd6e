"""`make bench-archive`: the archive's copy beside four others, over TLS, interleaved, medians.

Python clients are warm (one small copy before), as functions mostly are;
curl and the AWS command line are started each time, as they always are.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benches.archive_clients import BUCKET
from benches.archive_servers import MissingToolsError, Servers, servers
from benches.side_by_side import report

AWS = Path(".local/venvs/bench/bin/aws")
WARM, SMALL, LARGE = 2_000_000, 50_000_000, 500_000_000
ROUNDS = {SMALL: 7, LARGE: 5}
PEERS = ("curl_pipe", "upload_fileobj", "aws_cp", "download_upload")
CASES = ("ours", *PEERS)


@dataclass(frozen=True)
class Took:
    seconds: float
    cpu: float
    extra_rss_mb: float = 0.0


def main() -> None:
    with servers() as ends:
        results = {size: measured(ends, size) for size in ROUNDS}
    for size, rows in results.items():
        print(table(size, rows))
    large, small = (ratios(results[size]) for size in (LARGE, SMALL))
    extra = max(took.extra_rss_mb for rows in results.values() for took in rows["ours"])
    cpus = {name: median_cpu(results[LARGE][name]) for name in ("ours", "curl_pipe")}
    last = {
        **large,
        "small": small,
        "extra_rss_mb": round(extra, 1),
        "cpu_vs_curl_pipe": round(cpus["ours"] / cpus["curl_pipe"], 2),
    }
    report("archive", last)


def measured(ends: Servers, size: int) -> dict[str, list[Took]]:
    """Run every case once a round, so that what else the machine does strikes all alike."""
    rows: dict[str, list[Took]] = {case: [] for case in CASES}
    for number in range(ROUNDS[size]):
        for case in CASES:
            before = ends.swallowed()
            rows[case].append(one(ends, case, size))
            arrived = ends.swallowed() - before
            if arrived < size:
                raise SystemExit(f"{case} delivered {arrived:,} of {size:,} bytes")
        print(f"{size // 1_000_000} MB, round {number + 1} of {ROUNDS[size]}", file=sys.stderr)
    return rows


def one(ends: Servers, case: str, size: int) -> Took:
    link, trusted = ends.link(size), str(ends.certificate)
    curl = f"curl -sS --fail --cacert {trusted}"
    if case == "curl_pipe":
        return of_shell(f"{curl} {link} | {curl} -o /dev/null -T - {ends.sink}/{BUCKET}/v", ends)
    if case == "aws_cp":
        return of_shell(f"{curl} {link} | {AWS} s3 cp --quiet - s3://{BUCKET}/v", ends)
    return of_client(ends, case, size)


def of_shell(line: str, ends: Servers) -> Took:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(["bash", "-o", "pipefail", "-c", line], check=True, env=variables(ends))
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return Took(seconds, user + system)


def of_client(ends: Servers, case: str, size: int) -> Took:
    links = [ends.link(WARM), ends.link(size), ends.sink]
    command = [sys.executable, "-m", "benches.archive_clients", case, *links]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=variables(ends),
        text=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - piped
        assert process.stdout is not None  # noqa: S101 - piped
        if process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{case} did not start")
        told, _ = process.communicate("go\n")
    if process.returncode:
        raise SystemExit(f"{case} failed")
    return Took(**json.loads(told))


def variables(ends: Servers) -> dict[str, str]:
    """Return what clients are told: this machine's ends alone, and the certificate to trust."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(["local", "layers/video_pipeline/python"]),
        "HOME": str(ends.folder),
        "AWS_ENDPOINT_URL": ends.sink,
        "AWS_CA_BUNDLE": str(ends.certificate),
        "SSL_CERT_FILE": str(ends.certificate),
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def ratios(rows: dict[str, list[Took]]) -> dict[str, float]:
    """Return our throughput over each other's: above 1 we are faster."""
    own = median_seconds(rows["ours"])
    return {f"vs_{peer}": round(median_seconds(rows[peer]) / own, 2) for peer in PEERS}


def table(size: int, rows: dict[str, list[Took]]) -> str:
    lines = [f"{size // 1_000_000} MB, medians of {ROUNDS[size]}     MB/s   CPU s/GB   + RSS MB"]
    for case, took in rows.items():
        speed = size / 1e6 / median_seconds(took)
        work = median_cpu(took) / size * 1e9
        memory = max(one.extra_rss_mb for one in took)
        shown = f"{memory:10.1f}" if memory else "         -"
        lines.append(f"  {case:20} {speed:12.0f} {work:10.2f} {shown}")
    return "\n".join(lines)


def median_seconds(took: list[Took]) -> float:
    return statistics.median(one.seconds for one in took)


def median_cpu(took: list[Took]) -> float:
    return statistics.median(one.cpu for one in took)


if __name__ == "__main__":
    try:
        main()
    except MissingToolsError as error:
        raise SystemExit(f"bench-archive: {error}") from None

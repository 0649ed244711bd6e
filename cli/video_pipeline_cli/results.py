"""Finished videos, brought to this machine."""

from collections.abc import Iterable
from pathlib import Path

from video_pipeline.domain.job import Job
from video_pipeline_cli.target import Target

BESIDE_THE_VIDEO = ("poster.jpg", "result.json")


def download(target: Target, jobs: Iterable[Job], out: Path) -> list[Path]:
    """Write video, poster and sidecar of every archived job below a folder."""
    return [file for job in jobs for file in _download(target, job, out)]


def _download(target: Target, job: Job, out: Path) -> list[Path]:
    if job.video is None:
        return []
    folder = out / job.folder.removeprefix("videos/")
    folder.mkdir(parents=True, exist_ok=True)
    video = folder / "video.mp4"
    version = {"VersionId": job.video.version_id}
    target.s3.download_file(job.video.bucket, job.video.key, str(video), ExtraArgs=version)
    for name in BESIDE_THE_VIDEO:
        key = f"{job.folder}/{name}"
        target.s3.download_file(job.video.bucket, key, str(folder / name))
    return [video, *(folder / name for name in BESIDE_THE_VIDEO)]

"""Bring home what the samples made."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from local_stack.demo.samples import Sample
from local_stack.places import PROJECT
from local_stack.stack_file import Stack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER = PROJECT / "demo"


def bring_home(stack: Stack, samples: list[Sample]) -> list[Path]:
    """Download every archived file and every sample's receipt into `demo/`."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    store = stack.clients().s3()
    archived = store.list_objects_v2(Bucket=stack.archive_bucket, Prefix="videos/")
    keys = [each["Key"] for each in archived.get("Contents", [])]
    files = [download(store, stack.archive_bucket, key) for key in keys]
    return files + [download(store, stack.intake_bucket, each.receipt_key) for each in samples]


def download(store: "S3Client", bucket: str, key: str) -> Path:
    path = FOLDER / key
    path.parent.mkdir(parents=True, exist_ok=True)
    store.download_file(bucket, key, str(path))
    return path


def show(files: list[Path]) -> None:
    print("\nIn this folder now:")
    for path in files:
        size = path.stat().st_size
        print(f"  {shown(path):<48} {size / 1000:10.1f} kB")


def shown(path: Path) -> str:
    return str(path.relative_to(PROJECT))

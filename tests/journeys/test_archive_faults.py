"""Every fault of a result link that the emulator knows, all at once, on the real stack."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from provider_emulator.faults import KINDS
from tests.journeys.traveller import Traveller, wait_for

pytestmark = pytest.mark.stack

ONCE: dict[str, dict[str, Any]] = {
    "forbidden": {},
    "needs_user_agent": {"times": None},
    "html": {},
    "truncated": {},
    "wrong_type": {},
    "slow": {"seconds": 6},
    "endless": {},
    "breaks_off": {},
    "dead_link": {},
}
TROUBLED = {
    "forbidden": "403",
    "html": "web page",
    "wrong_type": "text/plain",
    "dead_link": "403",
}
"""What the ledger keeps of the first try; the others are made up for within it."""

KEY = "manifests/faults/m.json"


def prompt(kind: str) -> str:
    return f"archived in spite of {kind}"


@pytest.fixture(scope="module")
def receipt(traveller: Traveller, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Drop one job for each fault, and one whose source never sends anything but a page."""
    traveller.lay_picture("manifests/faults/tea.png", "#b08040", tmp_path_factory.mktemp("tea"))
    for kind, fields in ONCE.items():
        traveller.arm(on="result", kind=kind, match={"prompt": prompt(kind)}, **fields)
    page = {"prompt": prompt("pages only")}
    traveller.arm(on="result", kind="html", times=None, match=page)
    request = {"image_urls": ["tea.png"], "quality": "480p", "duration": 4}
    names = [*ONCE, "pages only"]
    jobs = [{**request, "name": name.replace(" ", "-"), "prompt": prompt(name)} for name in names]
    traveller.drop(KEY, {"jobs": jobs})
    for count in (len(ONCE) // 2, len(ONCE)):  # each drawing takes its time
        wait_for(lambda: archived(traveller) >= count, f"{count} of {len(ONCE)} videos")  # noqa: B023
    found = traveller.receipt(KEY)
    assert found is not None
    return found


def archived(traveller: Traveller) -> int:
    receipt = traveller.receipt(KEY) or {"jobs": []}
    return [job["state"] for job in receipt["jobs"]].count("archived")


def job_of(receipt: dict[str, Any], name: str) -> str:
    (job,) = (job for job in receipt["jobs"] if job["name"] == name)
    return str(job["id"])


def test_no_fault_of_the_emulator_is_left_out() -> None:
    assert set(ONCE) == set(KINDS["result"])


@pytest.mark.parametrize("kind", ONCE)
def test_a_video_is_archived_whole_in_spite_of(
    kind: str, traveller: Traveller, receipt: dict[str, Any]
) -> None:
    video, sidecar = traveller.archived(f"videos/faults/m/{kind}")
    assert video[4:8] == b"ftyp"
    assert len(video) == sidecar["video"]["bytes"]
    assert sidecar["remarks"] == []
    assert traveller.versions(f"videos/faults/m/{kind}/video.mp4") == 1
    poster = f"videos/faults/m/{kind}/poster.jpg"
    bucket = traveller.stack.archive_bucket
    body = traveller.s3.get_object(Bucket=bucket, Key=poster)["Body"].read()
    assert Image.open(BytesIO(body)).size == (864, 496)


@pytest.mark.parametrize("kind", TROUBLED)
def test_the_story_tells_what_went_wrong_at_first(
    kind: str, traveller: Traveller, receipt: dict[str, Any]
) -> None:
    _, sidecar = traveller.archived(f"videos/faults/m/{kind}")
    causes = [stage["cause"] for stage in sidecar["stages"]]
    assert any("the copy failed" in cause and TROUBLED[kind] in cause for cause in causes)


def test_a_link_that_dies_while_archiving_is_replaced_by_a_fresh_one(
    traveller: Traveller, receipt: dict[str, Any]
) -> None:
    _, sidecar = traveller.archived("videos/faults/m/dead_link")
    causes = [stage["cause"] for stage in sidecar["stages"]]
    assert "the provider named a fresh link" in causes
    assert traveller.job(job_of(receipt, "dead_link"))["link"].endswith("?link=1")


def test_a_body_that_breaks_off_is_taken_up_within_the_same_try(
    traveller: Traveller, receipt: dict[str, Any]
) -> None:
    assert traveller.job(job_of(receipt, "breaks_off"))["archive_tries"] == "1"
    (task,) = traveller.tasks(prompt("breaks_off"))
    asked = [download.get("range") or "all" for download in task["downloads"]]
    assert asked.count("all") + sum(range_.endswith("-") for range_ in asked) == 2


def test_a_source_that_sends_a_page_never_appears_in_the_archive(
    traveller: Traveller, receipt: dict[str, Any]
) -> None:
    job = traveller.job(job_of(receipt, "pages-only"))
    assert (job["state"], "web page" in job["archive_trouble"]) == ("completed", True)
    assert traveller.versions("videos/faults/m/pages-only/") == 0


def test_objects_can_be_filtered_by_metadata_and_tags(
    traveller: Traveller, receipt: dict[str, Any]
) -> None:
    at: Any = {"Bucket": traveller.stack.archive_bucket, "Key": "videos/faults/m/slow/video.mp4"}
    head = traveller.s3.head_object(**at, ChecksumMode="ENABLED")
    _, sidecar = traveller.archived("videos/faults/m/slow")
    assert head["Metadata"]["job"] == sidecar["job"]["id"]
    assert head["ChecksumCRC32"] == sidecar["video"]["crc32"] != ""
    tags = traveller.s3.get_object_tagging(**at)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags}["manifest"] == KEY

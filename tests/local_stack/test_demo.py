from typing import Any

from local_stack.demo.heard import kinds_of, understood
from local_stack.demo.samples import Ending, Sample, pictures, read_samples

SAMPLE = Sample(
    "m.yaml", "completed", {"one": Ending("archived"), "two": Ending("failed", "moderation")}
)


def receipt(state: str = "completed", two: str = "moderation") -> dict[str, Any]:
    return {
        "state": state,
        "jobs": [
            {"name": "one", "state": "archived", "reason": "archived"},
            {"name": "two", "state": "failed", "reason": two},
        ],
    }


def event(kind: str, sequence: int, job: str = "one") -> dict[str, Any]:
    origin = {"name": job, "manifest": {"key": "manifests/m.yaml"}}
    detail = {"event_id": f"{job}-{sequence}", "sequence": sequence, "job": origin}
    return {"detail-type": kind, "detail": detail}


def test_ends_as_declared_are_no_surprise() -> None:
    assert SAMPLE.missed_by(receipt()) == []


def test_a_job_that_ends_for_another_reason_is_a_surprise() -> None:
    (line,) = SAMPLE.missed_by(receipt(two="credit_cap"))
    assert line.startswith("m.yaml: two should end")
    assert "credit_cap" in line


def test_a_manifest_that_ends_in_another_state_is_a_surprise() -> None:
    (line,) = SAMPLE.missed_by(receipt(state="rejected"))
    assert line.startswith("m.yaml: m.yaml should end")


def test_a_job_that_nobody_declared_is_a_surprise() -> None:
    assert len(Sample("m.yaml", "completed").missed_by(receipt())) == 2


def test_a_jobs_events_are_told_in_their_order_without_repeats() -> None:
    events = [event("Video Archived", 2), event("Video Submitted", 1), event("Video Archived", 2)]
    heard = [understood(each) for each in [*events, event("Video Failed", 1, job="two")]]
    assert kinds_of(heard, "manifests/m.yaml", "one") == ["Video Submitted", "Video Archived"]


def test_the_samples_show_success_a_mistake_and_a_failure() -> None:
    samples = read_samples()
    states = [end.state for sample in samples for end in sample.jobs.values()]
    assert {sample.state for sample in samples} == {"completed", "rejected"}
    assert set(states) == {"archived", "failed"}
    assert all(sample.body for sample in samples)


def test_the_pictures_that_samples_name_lie_beside_them() -> None:
    assert {"bottle.png", "harbour.jpg"} <= {path.name for path in pictures()}

"""The function comes to the verdict of the corpus on every manifest, as reader and command do."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from tests.intake.case import Case
from tests.intake.corpus import CORPUS
from tests.support.world import INTAKE, World
from tests.unit.handlers.conftest import Function, Functions, trigger
from video_pipeline.domain.identity import is_manifest, receipt_key
from video_pipeline.use_cases.submit_manifest import DroppedObject, Phase

SHARES = [CORPUS[first::8] for first in range(8)]
SHOWN = 200
BEYOND_READING = {"max_credits"}
"""Found by the prices; the corpus is about the file alone."""


@pytest.mark.parametrize("share", SHARES, ids=range(len(SHARES)))
def test_the_receipt_says_what_the_corpus_expects(
    world: World, function: Functions, share: tuple[Case, ...]
) -> None:
    submit_manifest = function("submit_manifest")
    submit_manifest.context.milliseconds_left = 30_000  # so that large drops go on by messages
    wrong = [case.name for case in share if not _agrees(world, submit_manifest, case)]
    assert wrong == []


def _agrees(world: World, submit_manifest: Function, case: Case) -> bool:
    _take_in(submit_manifest, world.put(case.key, case.body))
    if not is_manifest(case.key):
        return not _has_receipt(world, case.key)
    receipt = world.receipt(receipt_key(case.key))
    errors, warnings = (_told(receipt[name]) for name in ("errors", "warnings"))
    if case.errors:
        first = errors == sorted(case.errors) or len(errors) == SHOWN < len(case.errors)
        return receipt["state"] == "rejected" and first and set(errors) <= set(case.errors)
    if errors:
        return {error.split()[0] for error in errors} <= BEYOND_READING
    sound = receipt["state"] == "accepted" and receipt["total"] == case.jobs
    return sound and warnings == sorted(case.warnings)


def _take_in(submit_manifest: Function, dropped: DroppedObject) -> None:
    """Follow a drop's messages until it is decided; what is registered later has other tests."""
    message: dict[str, Any] | None = asdict(dropped)
    while message is not None and message["phase"] == Phase.VALIDATE:
        event = trigger("submit_manifest")
        event["Records"][0]["body"] = json.dumps(message)
        submit_manifest.calls.clear()
        assert submit_manifest(event) == {"batchItemFailures": []}
        sent = submit_manifest.called("sqs:SendMessage")
        message = json.loads(sent[0]["MessageBody"]) if sent else None


def _has_receipt(world: World, key: str) -> bool:
    listed = world.s3.list_objects_v2(Bucket=INTAKE, Prefix=receipt_key(key))
    return bool(listed.get("Contents"))


def _told(problems: list[dict[str, str]]) -> list[str]:
    return sorted(f"{each['code']} {each['path']}" for each in problems)

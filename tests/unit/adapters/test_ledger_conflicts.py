"""Transactions that meet each other are tried again; a condition that failed is an answer."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from video_pipeline.adapters.ledger import transaction
from video_pipeline.domain.errors import CapReachedError, StaleMoveError

WRITES: list[dict[str, Any]] = [
    {"label": StaleMoveError, "Update": {"Key": "job"}},
    {"label": CapReachedError, "Update": {"Key": "day"}},
]


class CancelledError(ClientError):
    def __init__(self, *codes: str) -> None:
        reasons = [{"Code": code} for code in codes]
        answer: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
            "CancellationReasons": reasons,
        }
        super().__init__(answer, "TransactWriteItems")


class Client:
    """Answers a transaction with one set of codes after the other, then takes it."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.tries = 0
        self.exceptions = type("Exceptions", (), {"TransactionCanceledException": CancelledError})

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:  # noqa: N803 - boto3's
        assert all("label" not in item for item in TransactItems)
        self.tries += 1
        if self.answers:
            raise CancelledError(*self.answers.pop(0))


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def run(client: Any) -> None:
    transaction.run_transaction(client, WRITES)


@pytest.mark.parametrize(
    "codes",
    [("TransactionConflict", "None"), ("None", "TransactionConflict"), ("None", "ThrottlingError")],
)
def test_a_conflict_is_tried_again_after_a_random_wait(
    codes: tuple[str, ...], waits: list[float]
) -> None:
    client = Client(codes, codes)
    run(client)
    assert client.tries == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("ConditionalCheckFailed", "None"), StaleMoveError),
        (("None", "ConditionalCheckFailed"), CapReachedError),
        (("ConditionalCheckFailed", "ConditionalCheckFailed"), StaleMoveError),
        (("TransactionConflict", "ConditionalCheckFailed"), CapReachedError),
    ],
)
def test_a_failed_condition_is_told_at_once_and_never_repeated(
    codes: tuple[str, ...], error: type[Exception], waits: list[float]
) -> None:
    client = Client(codes)
    with pytest.raises(error):
        run(client)
    assert client.tries == 1
    assert waits == []


def test_what_is_neither_is_an_error_of_ours() -> None:
    client = Client(("ValidationError", "None"))
    with pytest.raises(CancelledError):
        run(client)
    assert client.tries == 1


def test_conflicts_without_end_are_given_up_and_read_again() -> None:
    client = Client(*[("TransactionConflict", "None")] * 100)
    with pytest.raises(StaleMoveError):
        run(client)
    assert client.tries == transaction.CONFLICT_TRIES

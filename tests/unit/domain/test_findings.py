import pytest

from video_pipeline.domain.findings import EnoughError, Findings
from video_pipeline.domain.problem import Problem


def problems(count: int) -> list[Problem]:
    return [Problem("code", f"$[{n}]", "wrong") for n in range(count)]


def test_errors_are_counted_and_kept() -> None:
    findings = Findings(most=5)
    assert findings.add(problems(2))
    assert not findings.add([])
    assert findings.errors == problems(2)


def test_reading_ends_when_the_errors_fill_a_receipt() -> None:
    findings = Findings(most=3)
    with pytest.raises(EnoughError):
        findings.add(problems(9))
    assert [error.code for error in findings.errors] == ["code"] * 3 + ["too_many_errors"]


def test_a_warning_is_told_once() -> None:
    findings = Findings()
    findings.warn(problems(2))
    findings.warn(problems(3))
    assert findings.warnings == tuple(problems(3))


def test_warnings_end_where_a_receipt_is_full() -> None:
    findings = Findings(most=2)
    findings.warn(problems(9))
    assert findings.warnings == tuple(problems(2))


def test_strictness_makes_errors_of_warnings() -> None:
    findings = Findings()
    findings.warn(problems(2))
    findings.make_strict()
    assert (findings.errors, findings.warnings) == (problems(2), ())

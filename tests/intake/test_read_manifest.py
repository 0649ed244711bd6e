import pytest

from tests.intake.case import Case
from tests.intake.corpus import CORPUS, verdicts
from video_pipeline.adapters.manifest_file import read_manifest


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name[:40])
def test_the_reader_says_exactly_what_the_corpus_expects(case: Case) -> None:
    reading = read_manifest(case.body, bucket="intake", key=case.key)
    assert verdicts(reading.errors) == sorted(case.errors)
    assert verdicts(reading.warnings) == sorted(case.warnings)
    jobs = len(reading.manifest.jobs) if reading.manifest else 0
    assert jobs == (0 if case.errors else case.jobs)


def test_the_corpus_is_large_and_names_each_case_once() -> None:
    names = [case.name for case in CORPUS]
    assert len(set(names)) == len(names) >= 150

"""Every manifest of the corpus, for whoever must come to the same verdicts."""

from collections.abc import Iterable
from itertools import chain

from tests.intake.case import Case
from tests.intake.cases import (
    advice,
    fields,
    limits,
    names_and_matrix,
    references,
    shape,
    syntax,
    yaml_traps,
)
from video_pipeline.domain.problem import Problem

CORPUS: tuple[Case, ...] = tuple(
    chain(
        syntax.CASES,
        yaml_traps.CASES,
        shape.CASES,
        fields.CASES,
        references.CASES,
        names_and_matrix.CASES,
        advice.CASES,
        limits.CASES,
    )
)


def verdicts(problems: Iterable[Problem]) -> list[str]:
    return sorted(f"{problem.code} {problem.path}" for problem in problems)

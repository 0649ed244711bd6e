"""Files at and over what is read at all."""

import json

from tests.intake.case import Case, lines, manifest, request, written

SOUND = json.dumps(request())
SHORT = '{"prompt":"a","image_urls":["a"]}'

CASES: list[Case] = [
    written("json-4-mb", SHORT.ljust(4_000_000)),
    written("json-over-4-mb", SHORT.ljust(4_000_001), "file_too_large $"),
    written("yaml-over-4-mb", "#" * 4_000_001, "file_too_large $", extension=".yaml"),
    lines("lines-over-4-mb", SHORT + "\n" * 4_000_000),
    lines("lines-over-32-mb", SHORT + "\n" * 32_000_000, "file_too_large $"),
    lines("long-line", SHORT + "\n" + SHORT.ljust(1_000_001), "file_too_large line 2"),
    lines("10000-lines", f"{SHORT}\n" * 10_000, jobs=10_000),
    lines("10001-lines", f"{SHORT}\n" * 10_001, "too_many_jobs line 10001: $"),
    manifest(
        "10001-jobs",
        {"jobs": [request(prompt="a", image_urls=["a"])] * 10_001},
        "too_many_jobs $.jobs[10000]",
    ),
    manifest(
        "too-many-by-matrix",
        {
            "jobs": [
                request(
                    matrix={"duration": list(range(4, 14)), "prompt": [str(n) for n in range(100)]},
                    image_urls=["a"],
                )
            ]
            * 11
        },
        *(f"matrix_conflict $.jobs[{n}].matrix.prompt" for n in range(10)),
        "too_many_jobs $.jobs[10]",
    ),
    manifest(
        "too-many-errors",
        {"jobs": [request(duration=3)] * 1_005},
        *(f"out_of_range $.jobs[{n}].duration" for n in range(1_000)),
        "too_many_errors $",
    ),
    Case("k" * 790, ".json", SOUND.encode(), ("manifest_key_too_long $",)),
]

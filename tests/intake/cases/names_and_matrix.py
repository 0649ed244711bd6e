"""Names of jobs, and jobs that are products of lists."""

from typing import Any

from tests.intake.case import ABSENT, Case, bare, manifest, request


def named(*names: str) -> dict[str, Any]:
    return {"jobs": [request(name=name) if name else request() for name in names]}


def multiplied(name: str, matrix: Any, /, *verdicts: str, jobs: int = 1, **fields: Any) -> Case:
    return bare(name, *verdicts, jobs=jobs, matrix=matrix, **fields)


CASES: list[Case] = [
    *(
        bare(f"name-{n}", name=name)
        for n, name in enumerate(("fruit-tea", "A_1.b", "-", "a" * 64, "..a", "0"))
    ),
    *(
        bare(f"name-wrong-{n}", "name_invalid $.name", name=name)
        for n, name in enumerate(("", ".", "..", "...", "a b", "a/b", "茶", "a\n", "a:b", "../a"))
    ),
    bare("name-too-long", "text_too_long $.name", name="a" * 65),
    bare("name-null", "null_value $.name", name=None),
    bare("name-as-number", "wrong_type $.name", name=7),
    manifest("names-differ", named("a", "b", "A"), jobs=3),
    manifest("names-same", named("a", "b", "a"), "name_taken $.jobs[2].name"),
    manifest("name-of-a-nameless", named("job-00002", ""), "name_taken $.jobs[1].name"),
    manifest("name-of-an-earlier-nameless", named("", "job-00001"), "name_taken $.jobs[1].name"),
    manifest("name-of-itself", named("job-00001", "job-00002"), jobs=2),
    manifest("nameless-twins", {"jobs": [request(), request()]}, jobs=2),
    multiplied("matrix-durations", {"duration": [4, 8, 15]}, jobs=3),
    multiplied(
        "matrix-product",
        {"duration": [4, 8], "quality": ["480p", "720p"], "generate_audio": [True, False]},
        jobs=8,
        name="tea",
    ),
    multiplied("matrix-prompts", {"prompt": ["tea", "coffee"]}, jobs=2, prompt=ABSENT),
    multiplied(
        "matrix-references",
        {"image_urls": [["a.png"], ["b.png", "c.png"]]},
        jobs=2,
        image_urls=ABSENT,
    ),
    multiplied("matrix-of-one", {"content_filter": [False]}),
    multiplied("matrix-empty", {}, "matrix_empty $.matrix"),
    multiplied("matrix-empty-list", {"duration": []}, "matrix_empty $.matrix.duration"),
    multiplied("matrix-no-list", {"duration": 5}, "wrong_type $.matrix.duration"),
    multiplied("matrix-null", {"duration": None}, "null_value $.matrix.duration"),
    multiplied("matrix-is-a-list", [4, 5], "wrong_type $.matrix"),
    multiplied(
        "matrix-wrong-value",
        {"duration": [4, 3, "5"]},
        "out_of_range $.matrix.duration[1]",
        "wrong_type $.matrix.duration[2]",
    ),
    multiplied(
        "matrix-wrong-choice", {"quality": ["720p", "1080p"]}, "not_allowed $.matrix.quality[1]"
    ),
    multiplied(
        "matrix-wrong-reference",
        {"image_urls": [["a.png"], ["http://a/b.png"]]},
        "reference_http $.matrix.image_urls[1][0]",
        image_urls=ABSENT,
    ),
    multiplied(
        "matrix-flat-references",
        {"image_urls": ["a.png", "b.png"]},
        "wrong_type $.matrix.image_urls[0]",
        "wrong_type $.matrix.image_urls[1]",
        image_urls=ABSENT,
    ),
    multiplied(
        "matrix-ten-images",
        {"image_urls": [[f"{n}.png" for n in range(10)]]},
        "too_many_values $.matrix.image_urls[0]",
        image_urls=ABSENT,
    ),
    multiplied(
        "matrix-blank-prompt",
        {"prompt": ["tea", " "]},
        "prompt_blank $.matrix.prompt[1]",
        prompt=ABSENT,
    ),
    multiplied("matrix-unknown-field", {"durations": [4]}, "unknown_key $.matrix.durations"),
    multiplied("matrix-of-names", {"name": ["a", "b"]}, "misplaced_key $.matrix.name"),
    multiplied("matrix-callback", {"callback_url": ["a"]}, "callback_url $.matrix.callback_url"),
    multiplied("matrix-repeated", {"duration": [4, 5, 4]}, "matrix_repeated $.matrix.duration[2]"),
    multiplied(
        "matrix-repeated-references",
        {"image_urls": [["a.png"], ["./a.png"]]},
        "matrix_repeated $.matrix.image_urls[1]",
        image_urls=ABSENT,
    ),
    multiplied(
        "matrix-and-field", {"duration": [4]}, "matrix_conflict $.matrix.duration", duration=5
    ),
    multiplied(
        "matrix-without-media",
        {"image_urls": [["a.png"], []]},
        "media_missing $",
        image_urls=ABSENT,
    ),
    multiplied(
        "matrix-1000",
        {"prompt": [f"tea {n}" for n in range(100)], "duration": list(range(4, 14))},
        jobs=1_000,
        prompt=ABSENT,
    ),
    multiplied(
        "matrix-1001-values",
        {"prompt": [f"tea {n}" for n in range(1_001)]},
        "too_many_values $.matrix.prompt",
        prompt=ABSENT,
    ),
    multiplied(
        "matrix-1200",
        {"prompt": [f"tea {n}" for n in range(100)], "duration": list(range(4, 16))},
        "matrix_too_large $.matrix",
        prompt=ABSENT,
    ),
    manifest(
        "matrix-over-defaults",
        {"defaults": {"duration": 5}, "jobs": [request(matrix={"duration": [4, 8]})]},
        jobs=2,
    ),
    manifest(
        "matrix-in-two-jobs",
        {
            "jobs": [
                request(matrix={"duration": [4, 8]}, name="a"),
                request(),
                request(matrix={"quality": ["480p"]}, name="b"),
            ]
        },
        jobs=4,
    ),
    manifest(
        "matrix-names-clash",
        {"jobs": [request(matrix={"duration": [4, 8]}, name="a"), request(name="a-4s")]},
        "name_taken $.jobs[1].name",
    ),
]

import json
from datetime import UTC, datetime
from typing import Any

from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.domain.manifest import JobDraft, Reading
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import VideoRequest

KEY = "manifests/spring/promo.json"


def read(tree: Any, key: str = KEY) -> Reading:
    body = tree if isinstance(tree, str) else json.dumps(tree)
    return read_manifest(body.encode(), bucket="intake", key=key)


def jobs(tree: Any, key: str = KEY) -> tuple[JobDraft, ...]:
    reading = read(tree, key)
    assert reading.manifest is not None, reading.errors
    return reading.manifest.jobs


def the_error(tree: Any, key: str = KEY) -> Problem:
    (error,) = read(tree, key).errors
    return error


def request(**fields: Any) -> dict[str, Any]:
    return {"prompt": "tea", "image_urls": ["bottle.png"], **fields}


def test_a_request_body_is_a_manifest_and_gets_every_default() -> None:
    (job,) = jobs(request())
    assert job == JobDraft(
        position=1,
        name=None,
        request=VideoRequest(
            prompt="tea",
            image_urls=("s3://intake/manifests/spring/bottle.png",),
            duration=5,
            quality="720p",
            aspect_ratio="16:9",
            generate_audio=True,
            content_filter=True,
        ),
        metadata={},
    )


def test_a_job_lies_over_the_defaults() -> None:
    defaults = {"duration": 8, "metadata": {"a": "1", "b": "1"}, "image_urls": ["a.png", "b.png"]}
    own = {"prompt": "tea", "image_urls": ["c.png"], "metadata": {"b": "2"}}
    first, second = jobs({"defaults": defaults, "jobs": [own, request(duration=4)]})
    assert first.request.image_urls == ("s3://intake/manifests/spring/c.png",)
    assert (first.request.duration, second.request.duration) == (8, 4)
    assert (first.metadata, second.metadata) == ({"a": "1", "b": "2"}, {"a": "1", "b": "1"})


def test_settings_of_the_manifest_are_kept() -> None:
    reading = read(request(rerun=True, max_credits=2))
    assert reading.manifest is not None
    assert (reading.manifest.rerun, reading.manifest.max_credits) == (True, 2.0)


def test_a_deadline_is_told_in_utc() -> None:
    (job,) = jobs(request(deadline="2026-12-24T18:00:00+01:00"))
    assert job.deadline == datetime(2026, 12, 24, 17, tzinfo=UTC)


def test_references_start_at_the_manifest_and_links_stay_as_they_are() -> None:
    written = ["../a.png", "s3://other/b c.png", "HTTPS://Example.com/c.png?sig=x"]
    (job,) = jobs(request(image_urls=written))
    assert job.request.image_urls == (
        "s3://intake/manifests/a.png",
        "s3://other/b c.png",
        "https://Example.com/c.png?sig=x",
    )


def test_a_manifest_at_the_root_of_the_bucket_has_its_references_there() -> None:
    (job,) = jobs(request(), key="promo.json")
    assert job.request.image_urls == ("s3://intake/bottle.png",)


def test_a_folder_with_an_odd_name_is_left_as_it_is() -> None:
    (job,) = jobs(request(), key="manifests//a/promo.json")
    assert job.request.image_urls == ("s3://intake/manifests//a/bottle.png",)


def test_names_of_a_matrix_follow_from_its_values() -> None:
    matrix = {"quality": ["480p"], "duration": [4, 8], "aspect_ratio": ["9:16"]}
    names = [job.name for job in jobs(request(name="tea", matrix=matrix))]
    assert names == ["tea-4s-480p-9x16", "tea-8s-480p-9x16"]


def test_a_value_more_in_a_matrix_leaves_the_other_names_alone() -> None:
    few = jobs({**request(name="tea"), "matrix": {"content_filter": [True], "video_urls": [["b"]]}})
    more = jobs(
        {
            **request(name="tea"),
            "matrix": {"video_urls": [["a"], ["b"]], "content_filter": [False, True]},
        }
    )
    assert {job.name for job in few} < {job.name for job in more}


def test_places_count_the_jobs_of_a_matrix() -> None:
    drafts = jobs({"jobs": [request(matrix={"duration": [4, 5]}), request()]})
    assert [draft.shown_name for draft in drafts] == ["job-00001", "job-00002", "job-00003"]


def test_yaml_words_stay_what_was_written() -> None:
    text = "prompt: no\nimage_urls: [a.png]\naspect_ratio: 9:16\nmetadata: {on: off, zip: 0012}\n"
    (job,) = jobs(text, key="a.yaml")
    assert (job.request.prompt, job.request.aspect_ratio) == ("no", "9:16")
    assert job.metadata == {"on": "off", "zip": "0012"}


def test_yaml_and_json_of_the_same_content_are_the_same_jobs() -> None:
    assert jobs(json.dumps(request()), "manifests/a.yaml") == jobs(request(), "manifests/a.json")


def test_strict_turns_advice_into_refusal() -> None:
    careless = request(prompt="image 1 and image 2")
    assert [warning.code for warning in read(careless).warnings] == ["mention_unknown"]
    strict = read({**careless, "strict": True})
    assert strict.manifest is None
    assert ([error.code for error in strict.errors], strict.warnings) == (["mention_unknown"], ())


def test_an_error_names_value_limit_source_and_fix() -> None:
    assert the_error(request(duration=3)) == Problem(
        code="out_of_range",
        path="$.duration",
        message="duration is 3; allowed are 4 to 15 whole seconds.",
        value="3",
        limit="4 to 15 whole seconds",
        source="seed",
        fix="Write 4, or another number in between.",
    )


def test_a_fix_is_the_very_thing_to_write() -> None:
    fixes = {
        json.dumps(fields): the_error(request(**fields)).fix
        for fields in (
            {"duration": 5.0},
            {"duration": "08"},
            {"generate_audio": "no"},
            {"aspect_ratio": 969},
            {"aspect_ratio": "9x16"},
            {"qualty": "720p"},
            {"Prompt": "tea"},
            {"resolution": "720p"},
            {"seed": 1},
            {"image_urls": "a.png"},
            {"metadata": {"n": 1.5}},
        )
    }
    assert list(fixes.values()) == [
        "Write 5, without quotes, fraction or leading zeros.",
        "Write 8, without quotes, fraction or leading zeros.",
        "Write false, without quotes.",
        'Write "16:9" in quotes: a YAML 1.1 tool read it as a number of base 60.',
        'Write "9:16".',
        "Did you mean quality?",
        "Did you mean prompt?",
        "Did you mean quality?",
        "Remove it: the model has no such setting.",
        'Write ["a.png"].',
        'Write it in quotes: "1.5".',
    ]


def test_the_higher_resolution_is_told_to_be_coming() -> None:
    assert "coming soon" in (the_error(request(quality="1080p")).fix or "")


def test_the_refused_callback_says_why() -> None:
    error = the_error(request(callback_url="https://example.com"))
    assert "the pipeline itself is called back" in error.message
    assert error.fix == "Remove it, and subscribe to the event bus."


def test_a_repeated_key_is_told_with_both_places() -> None:
    error = the_error('{"prompt": "a",\n "image_urls": ["a"],\n "prompt": "b"}')
    assert "line 1, column 2" in error.message
    assert "line 3, column 2" in error.message


def test_no_message_repeats_what_a_signed_link_keeps_secret() -> None:
    signed = "https://user:hunter2@example.com/a.png?X-Amz-Signature=secret"
    everywhere = {
        "image_urls": [signed, signed.replace("https", "http"), signed + " "],
        "duration": signed,
        "quality": signed,
        "name": signed,
        "metadata": {signed: 1},
        signed: signed,
    }
    problems = read(request(**everywhere)).errors
    assert len(problems) == 8
    assert "secret" not in repr(problems)
    assert "hunter2" not in repr(problems)


def test_long_values_are_cut() -> None:
    error = the_error(request(name="n" * 5_000))
    assert len(error.value or "") < 100


def test_a_prompt_in_the_defaults_is_warned_about_once_and_there() -> None:
    tree = {"defaults": request(prompt="image 7"), "jobs": [{}, {}, {}]}
    assert [(w.code, w.path) for w in read(tree).warnings] == [
        ("mention_unknown", "$.defaults.prompt"),
        ("reference_unmentioned", "$.defaults.image_urls[0]"),
    ]

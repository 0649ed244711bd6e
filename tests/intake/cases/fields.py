"""Types and ranges, field by field."""

from tests.intake.case import Case, bare, manifest, request, written

CASES: list[Case] = [
    *(bare(f"duration-{seconds}", duration=seconds) for seconds in (4, 5, 15)),
    *(
        bare(f"duration-{seconds}", "out_of_range $.duration", duration=seconds)
        for seconds in (3, 16, 0, -5)
    ),
    bare("duration-float", "wrong_type $.duration", duration=5.0),
    bare("duration-fraction", "wrong_type $.duration", duration=5.5),
    bare("duration-text", "wrong_type $.duration", duration="5"),
    bare("duration-true", "wrong_type $.duration", duration=True),
    bare("duration-null", "null_value $.duration", duration=None),
    bare("duration-list", "wrong_type $.duration", duration=[5]),
    bare("duration-object", "wrong_type $.duration", duration={"seconds": 5}),
    written(
        "duration-huge",
        f'{{"prompt":"a","image_urls":["a"],"duration":{"9" * 39}}}',
        "out_of_range $.duration",
    ),
    written(
        "duration-absurd",
        f'{{"prompt":"a","image_urls":["a"],"duration":{"9" * 9_999}}}',
        "wrong_type $.duration",
    ),
    written(
        "duration-overflow",
        '{"prompt":"a","image_urls":["a"],"duration":1e999}',
        "wrong_type $.duration",
    ),
    *(bare(f"quality-{quality}", quality=quality) for quality in ("480p", "720p")),
    *(
        bare(f"quality-{value}", "not_allowed $.quality", quality=value)
        for value in ("1080p", "720P", "4k", "720", "")
    ),
    bare("quality-number", "not_allowed $.quality", quality=720),
    bare("quality-null", "null_value $.quality", quality=None),
    *(
        bare(f"ratio-{ratio.replace(':', 'x')}", aspect_ratio=ratio)
        for ratio in ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive")
    ),
    bare("ratio-other", "not_allowed $.aspect_ratio", aspect_ratio="2:1"),
    bare("ratio-with-x", "not_allowed $.aspect_ratio", aspect_ratio="16x9"),
    bare("ratio-number", "not_allowed $.aspect_ratio", aspect_ratio=969),
    bare("ratio-float", "not_allowed $.aspect_ratio", aspect_ratio=1.78),
    bare("audio-switch-text", "wrong_type $.generate_audio", generate_audio="true"),
    bare("audio-switch-number", "wrong_type $.generate_audio", generate_audio=0),
    bare("audio-switch-null", "null_value $.generate_audio", generate_audio=None),
    bare("filter-text", "wrong_type $.content_filter", content_filter="off"),
    bare("prompt-empty", "prompt_blank $.prompt", prompt=""),
    bare("prompt-spaces", "prompt_blank $.prompt", prompt=" \n\t\u3000"),
    bare("prompt-list", "wrong_type $.prompt", prompt=["tea"]),
    bare("prompt-false", "wrong_type $.prompt", prompt=False),
    bare("prompt-at-the-limit", prompt="a" * 50_000),
    bare("prompt-over-the-limit", "text_too_long $.prompt", prompt="a" * 50_001),
    bare("prompt-with-nul", "control_character $.prompt", prompt="a\x00b"),
    bare("prompt-with-lines", prompt="first line\r\n\tsecond line"),
    bare("prompt-emoji", prompt="\U0001f375 tea"),
    bare("prompt-of-500-chinese", prompt="茶" * 500),
    bare("images-nine", image_urls=[f"{n}.png" for n in range(9)]),
    bare("images-ten", "too_many_values $.image_urls", image_urls=[f"{n}.png" for n in range(10)]),
    bare("videos-three", video_urls=["1.mp4", "2.mp4", "3.mov"]),
    bare("videos-four", "too_many_values $.video_urls", video_urls=list("abcd")),
    bare("audios-three", audio_urls=["1.mp3", "2.wav", "3.mp3"]),
    bare("audios-four", "too_many_values $.audio_urls", audio_urls=list("abcd")),
    bare("images-text", "wrong_type $.image_urls", image_urls="a.png"),
    bare("images-object", "wrong_type $.image_urls", image_urls={"0": "a.png"}),
    bare("images-null", "null_value $.image_urls", image_urls=None),
    bare("images-number-inside", "wrong_type $.image_urls[1]", image_urls=["a.png", 7]),
    bare("images-null-inside", "null_value $.image_urls[0]", image_urls=[None]),
    bare("images-list-inside", "wrong_type $.image_urls[0]", image_urls=[["a.png"]]),
    bare("images-object-inside", "wrong_type $.image_urls[0]", image_urls=[{"url": "a.png"}]),
    bare("model-sibling", "model_unknown $.model", model="seedance-2.0-reference-to-video"),
    bare("model-number", "model_unknown $.model", model=2),
    bare("model-null", "null_value $.model", model=None),
    manifest(
        "model-in-defaults",
        {"defaults": {"model": "sora"}, "jobs": [request()]},
        "model_unknown $.defaults.model",
    ),
    bare("metadata", metadata={"campaign": "spring", "客户": "茶"}),
    bare("metadata-empty", metadata={}),
    bare("metadata-empty-text", metadata={"a": ""}),
    bare("metadata-twenty", metadata={f"k{n}": "v" for n in range(20)}),
    bare(
        "metadata-twenty-one",
        "metadata_too_large $.metadata",
        metadata={f"k{n}": "v" for n in range(21)},
    ),
    bare("metadata-4096-bytes", metadata={"k": "v" * 4_095}),
    bare("metadata-4097-bytes", "metadata_too_large $.metadata", metadata={"k": "v" * 4_096}),
    bare(
        "metadata-bytes-not-characters",
        "metadata_too_large $.metadata",
        metadata={"k": "茶" * 1_366},
    ),
    bare("metadata-one-number", "wrong_type $.metadata.n", metadata={"n": 1}),
    bare("metadata-inside", "wrong_type $.metadata.n", metadata={"n": {"a": "b"}}),
    bare("metadata-list", "wrong_type $.metadata", metadata=["a"]),
    bare("metadata-control", "control_character $.metadata.a", metadata={"a": "\x1b[31m"}),
    manifest(
        "metadata-sum",
        {
            "defaults": {"metadata": {f"a{n}": "v" for n in range(11)}},
            "jobs": [request(metadata={f"b{n}": "v" for n in range(10)})],
        },
        "metadata_too_large $.jobs[0].metadata",
    ),
    manifest(
        "metadata-override",
        {
            "defaults": {"metadata": {f"a{n}": "v" for n in range(20)}},
            "jobs": [request(metadata={"a0": "w"})],
        },
    ),
    *(
        bare(f"deadline-{n}", deadline=text)
        for n, text in enumerate(
            ("2026-12-24T18:00:00Z", "2026-12-24T18:00+01:00", "2026-12-24T18:00:00.5-05:30")
        )
    ),
    *(
        bare(f"deadline-wrong-{n}", "deadline_invalid $.deadline", deadline=text)
        for n, text in enumerate(
            (
                "2026-12-24",
                "2026-12-24T18:00:00",
                "tomorrow",
                "",
                "2026-02-30T12:00:00Z",
                "2026-12-24T25:00:00Z",
                "0001-01-01T00:00:00+14:00",
                "2026-12-24T18:00:00Z\n",
            )
        )
    ),
    bare("deadline-number", "wrong_type $.deadline", deadline=1_790_000_000),
    bare("max-credits", max_credits=0.5),
    *(
        bare(f"max-credits-{value}", "out_of_range $.max_credits", max_credits=value)
        for value in (0, -1, 10**10)
    ),
    bare("max-credits-text", "wrong_type $.max_credits", max_credits="10"),
    bare("max-credits-true", "wrong_type $.max_credits", max_credits=True),
    bare("rerun-number", "wrong_type $.rerun", rerun=1),
    bare("strict-text", "wrong_type $.strict", strict="true"),
]

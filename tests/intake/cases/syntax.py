"""Bytes that may not even be a text."""

import json

from tests.intake.case import Case, lines, request, written, yaml

SOUND = json.dumps(request())

CASES: list[Case] = [
    written("empty", "", "file_empty $"),
    written("only-space", " \n\t ", "file_empty $"),
    written("only-byte-order-mark", b"\xef\xbb\xbf", "file_empty $"),
    written("byte-order-mark", b"\xef\xbb\xbf" + SOUND.encode()),
    lines("byte-order-mark-lines", b"\xef\xbb\xbf" + SOUND.encode()),
    yaml("byte-order-mark-yaml", "\ufeffprompt: tea\nimage_urls: [a.png]\n"),
    written("utf-16", SOUND.encode("utf-16"), "file_encoding $"),
    written("utf-16-without-mark", SOUND.encode("utf-16-le"), "file_encoding $"),
    written("utf-32", SOUND.encode("utf-32"), "file_encoding $"),
    written(
        "latin-1", '{\n"prompt": "caf\xe9"}'.encode("latin-1"), "file_encoding line 2, column 15"
    ),
    written("zipped", b"\x1f\x8b\x08\x00\xff", "file_encoding line 1, column 2"),
    written("single-quotes", "{'prompt': 'tea'}", "json_syntax line 1, column 2"),
    written("comment", '{\n  # tea\n  "prompt": "x"}', "json_syntax line 2, column 3"),
    written("unclosed-object", '{"prompt": "tea"', "json_syntax line 1, column 17"),
    written("unclosed-text", '{"prompt": "tea}', "json_syntax line 1, column 12"),
    written("line-break-in-text", '{"prompt": "a\nb"}', "json_syntax line 1, column 14"),
    written("backslash", r'{"prompt": "a\d"}', "json_syntax line 1, column 14"),
    written("two-objects", f"{SOUND}\n{SOUND}", "json_syntax line 2, column 1"),
    written("yaml-in-json", "prompt: tea", "json_syntax line 1, column 1"),
    written("nan", '{\n"duration": NaN}', "json_syntax line 2, column 13"),
    written("infinity", '{"max_credits": -Infinity}', "json_syntax line 1, column 17"),
    written("nan-in-a-text", SOUND.replace("fruit", "NaN")),
    written("half-character", r'{"prompt": "\ud83c"}', "broken_character line 1, column 13"),
    written(
        "half-character-second-half", r'{"prompt": "\udf75"}', "broken_character line 1, column 13"
    ),
    written("whole-character-as-escapes", SOUND.replace("fruit", r"\ud83c\udf75")),
    written("backslash-before-u", SOUND.replace("fruit", r"\\ud83c")),
    written("deep-lists", "[" * 50_000, "too_deep $"),
    written("deep-objects", '{"a":' * 50_000, "too_deep $"),
    written(
        "duplicate-key",
        '{"prompt": "a", "image_urls": ["a.png"], "prompt": "b"}',
        "duplicate_key $.prompt",
    ),
    written(
        "duplicate-key-inside",
        '{"jobs": [{"prompt": "a", "image_urls": ["a.png"]},'
        ' {"prompt": "a", "image_urls": ["a.png"], "metadata": {"a": "1", "a": "2"}}]}',
        "duplicate_key $.jobs[1].metadata.a",
    ),
    written(
        "duplicate-key-thrice",
        '{"prompt": "a", "image_urls": ["a.png"], "prompt": "b", "prompt": "c"}',
        "duplicate_key $.prompt",
        "duplicate_key $.prompt",
    ),
    written(
        "duplicate-key-by-escape",
        '{"prompt": "a", "image_urls": ["a.png"], "\\u0070rompt": "b"}',
        "duplicate_key $.prompt",
    ),
    written(
        "same-key-in-two-objects",
        '{"jobs": [{"prompt": "a", "image_urls": ["{,\\"a\\":1,"]},'
        ' {"prompt": "a", "image_urls": ["a"]}]}',
        jobs=2,
    ),
    written("windows-line-ends", SOUND.replace(", ", ",\r\n")),
    written("other-extension", SOUND, "file_type $", extension=".txt"),
    written("no-extension", SOUND, "file_type $", extension=""),
    written("capital-extension", SOUND, extension=".JSON"),
    written("yml-extension", "prompt: tea\nimage_urls: [a.png]", extension=".YmL"),
    written("json-is-yaml-too", SOUND, extension=".yaml"),
    lines("lines-sound", f"{SOUND}\n{SOUND}\n", jobs=2),
    lines("lines-windows", f"{SOUND}\r\n\r\n{SOUND}\r\n", jobs=2),
    lines("lines-no-last-line-end", f"{SOUND}\n\n\n{SOUND}", jobs=2),
    lines(
        "lines-defaults",
        '{"defaults": {"image_urls": ["a.png"]}}\n{"prompt": "a"}\n{"prompt": "b"}',
        jobs=2,
    ),
    lines("lines-settings", f'{{"rerun": true, "max_credits": 5}}\n{SOUND}'),
    lines(
        "lines-settings-later",
        f'{SOUND}\n{{"rerun": true}}',
        "misplaced_key line 2: $.rerun",
        "prompt_missing line 2: $",
        "media_missing line 2: $",
    ),
    lines(
        "lines-defaults-later",
        f'{SOUND}\n{{"defaults": {{}}, "prompt": "a", "image_urls": ["a"]}}',
        "misplaced_key line 2: $.defaults",
    ),
    lines(
        "lines-settings-in-a-job",
        SOUND.replace("{", '{"rerun": true, ', 1),
        "misplaced_key line 1: $.rerun",
    ),
    lines("lines-only-defaults", '{"defaults": {"prompt": "a"}}', "no_jobs $"),
    lines(
        "lines-whole-manifest",
        f'{{"jobs": [{SOUND}]}}',
        "misplaced_key line 1: $.jobs",
        "no_jobs $",
    ),
    lines(
        "lines-broken",
        f'{SOUND}\n{{"prompt": }}\n{{"duration": 3}}',
        "json_syntax line 2, column 12",
        "prompt_missing line 3: $",
        "media_missing line 3: $",
        "out_of_range line 3: $.duration",
    ),
    lines(
        "lines-first-broken",
        '{"defaults": {"prompt": }}\n{"duration": 3}',
        "json_syntax line 1, column 25",
        "out_of_range line 2: $.duration",
    ),
    lines(
        "lines-pretty",
        '{\n"prompt": "a"\n}',
        "json_syntax line 1, column 2",
        "json_syntax line 2, column 9",
        "json_syntax line 3, column 1",
    ),
    lines("lines-of-numbers", "1\n2", "manifest_shape line 1: $", "manifest_shape line 2: $"),
    lines("lines-list", f"[{SOUND}]", "manifest_shape line 1: $"),
    lines(
        "lines-bad-byte",
        SOUND.encode() + b'\n{"prompt": "\xe9"}',
        "file_encoding line 2, column 13",
    ),
    lines("lines-utf-16", SOUND.encode("utf-16"), "file_encoding $"),
    lines(
        "lines-duplicate-key",
        '\n{"prompt": "a", "prompt": "b", "image_urls": ["a"]}',
        "duplicate_key line 2: $.prompt",
    ),
    lines("lines-deep", "[" * 50_000, "too_deep line 1: $"),
    lines("lines-half-character", r'{"prompt": "\ud83c"}', "broken_character line 1, column 13"),
]

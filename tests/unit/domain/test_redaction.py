import pytest

from video_pipeline.domain.redaction import redacted, redacted_fields

LINK = "https://files.test/video.mp4?signature=planted"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"GET {LINK} failed", "GET [link to files.test] failed"),
        ("the key sk-planted-1234 is bad", "the key [key] is bad"),
        ("Authorization: Bearer planted", "Authorization: [key]"),
        ('{"token": "AQC' + "x" * 40 + '"}', '{"token": "[token]"}'),
        ("POST /callbacks/0f/1/a1b2/planted 404", "POST /callbacks/[capability] 404"),
        ("X-Amz-Signature=planted&a=b", "[signature]&a=b"),
        ("task-unified-1795643833-w9cwh51b", "task-unified-1795643833-w9cwh51b"),
        ("s3://bucket/manifests/tea.png", "s3://bucket/manifests/tea.png"),
    ],
)
def test_secrets_are_taken_out_and_names_are_left(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_field_that_holds_a_secret_tells_only_how_long_it_is() -> None:
    document = {"jobs": [{"prompt": "planted", "name": "tea", "link": LINK, "tries": 3}]}
    assert redacted_fields(document) == {
        "jobs": [
            {
                "prompt": "[prompt of 7 characters]",
                "name": "tea",
                "link": f"[link of {len(LINK)} characters]",
                "tries": 3,
            }
        ]
    }

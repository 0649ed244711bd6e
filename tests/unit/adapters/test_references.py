"""References are looked at before money is spent, and every fault is told so it can be mended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from mypy_boto3_s3 import S3Client

from video_pipeline.adapters.media_formats import claimed_format, held_format
from video_pipeline.adapters.ranged_file import BLOCK, RangedFile
from video_pipeline.adapters.references import LARGEST, S3References
from video_pipeline.domain.errors import FetchFailedError, FetchRefusedError
from video_pipeline.domain.media import MediaFacts
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import VideoRequest
from video_pipeline.ports import Checked

PNG = b"\x89PNG\r\n\x1a\n" + bytes(90)
JPEG = b"\xff\xd8\xff\xe0" + bytes(90)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(90)
MOV = b"\x00\x00\x00\x14ftypqt  " + bytes(90)
HEIC = b"\x00\x00\x00\x20ftypheic" + bytes(90)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(90)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(90)
MP3 = b"ID3\x04" + bytes(90)
REQUEST = VideoRequest(prompt="Tea")
LINK = "https://media.example/bottle.png?X-Amz-Signature=secret"


@dataclass
class Told:
    """A fetched answer out of memory."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def chunks(self, size: int = 262_144) -> Iterator[bytes]:
        yield from (self.content[at : at + size] for at in range(0, len(self.content), size))


class Web:
    """A fetcher that answers every link alike and remembers what was asked."""

    def __init__(self, outcome: Told | Exception) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, int, int, int | None]] = []

    @contextmanager
    def open(
        self, url: str, *, max_bytes: int, first_byte: int = 0, last_byte: int | None = None
    ) -> Iterator[Told]:
        self.asked.append((url, max_bytes, first_byte, last_byte))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        yield self.outcome


def partial(content: bytes, total: int) -> Told:
    first = content.ljust(min(total, BLOCK), b"\0")[:BLOCK]
    return Told(first, 206, {"content-range": f"bytes 0-{len(first) - 1}/{total}"})


@pytest.fixture
def s3(aws: None) -> S3Client:
    client = boto3.client("s3")
    client.create_bucket(Bucket="brand")
    return client


def fit(_file: RangedFile) -> MediaFacts:
    """Find nothing wrong; what is measured has tests of its own."""
    return MediaFacts("any")


def check_link(outcome: Told | Exception, **lists: tuple[str, ...]) -> tuple[Problem, ...]:
    request = replace(REQUEST, **(lists or {"image_urls": (LINK,)}))  # type: ignore[arg-type]  # lists alone
    return S3References(_no_reader, Web(outcome), measure=fit).check(request).problems


def check_s3(s3: S3Client, *image_urls: str) -> tuple[Problem, ...]:
    web = Web(FetchFailedError("not asked for"))
    checked = S3References(lambda _bucket: s3, web, measure=fit).check(
        replace(REQUEST, image_urls=image_urls)
    )
    return (*checked.problems, *checked.missing)


def _no_reader(_bucket: str) -> S3Client:
    raise AssertionError("no role is assumed where nothing lies in S3")


def test_a_request_without_references_has_no_problems() -> None:
    assert S3References(_no_reader, Web(Told(PNG))).check(REQUEST) == Checked()


def test_fit_references_of_every_kind_have_no_problems(s3: S3Client) -> None:
    for key, content in {"a.png": PNG, "v.mov": MOV, "s.mp3": MP3, "ü b?c#d.webp": WEBP}.items():
        s3.put_object(Bucket="brand", Key=key, Body=content)
    request = replace(
        REQUEST,
        image_urls=("s3://brand/a.png", "s3://brand/ü b?c#d.webp", LINK),
        video_urls=("s3://brand/v.mov",),
        audio_urls=("s3://brand/s.mp3",),
    )
    references = S3References(lambda _bucket: s3, Web(partial(JPEG, 5_000)), measure=fit)
    checked = references.check(request)
    assert (checked.problems, checked.missing, checked.input_seconds) == ((), (), 0)
    places = [(reference.field, reference.index) for reference in checked.references]
    assert places == [
        *(("image_urls", index) for index in range(3)),
        ("video_urls", 0),
        ("audio_urls", 0),
    ]


def test_only_the_first_bytes_of_a_link_are_fetched() -> None:
    web = Web(partial(PNG, 5_000_000))
    S3References(_no_reader, web, measure=fit).check(replace(REQUEST, image_urls=(LINK,)))
    assert web.asked == [(LINK, BLOCK, 0, BLOCK - 1)]


def test_a_missing_object_is_told_by_its_path_and_name(s3: S3Client) -> None:
    s3.put_object(Bucket="brand", Key="a.png", Body=PNG)
    (problem,) = check_s3(s3, "s3://brand/a.png", "s3://brand/b.png")
    assert (problem.code, problem.path) == ("reference_missing", "$.image_urls[1]")
    assert problem.value == "s3://brand/b.png"
    assert problem.fix is not None


def test_a_missing_bucket_is_a_missing_reference(s3: S3Client) -> None:
    (problem,) = check_s3(s3, "s3://no-such-bucket/a.png")
    assert problem.code == "reference_missing"


@pytest.mark.parametrize("url", ["s3://brand", "s3://brand/", "s3:///a.png", "s3://Up_per/a.png"])
def test_an_address_without_bucket_or_key_is_told(s3: S3Client, url: str) -> None:
    (problem,) = check_s3(s3, url)
    assert (problem.code, problem.value) == ("reference_invalid", url)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDenied", 403, "reference_forbidden"),
        ("NoSuchKey", 404, "reference_missing"),
        ("InvalidObjectState", 403, "reference_archived"),
        ("InvalidRange", 416, "reference_empty"),
    ],
)
def test_what_the_user_must_mend_is_told_apart(
    s3: S3Client, code: str, status: int, expected: str
) -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", code, http_status_code=status)
        (problem,) = check_s3(s3, "s3://brand/a.png")
    assert problem.code == expected


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "ExpiredToken"])
def test_an_s3_that_is_ill_itself_is_not_the_user_s_problem(s3: S3Client, code: str) -> None:
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", code, http_status_code=503)
        with pytest.raises(ClientError):
            check_s3(s3, "s3://brand/a.png")


def test_an_empty_object_is_told(s3: S3Client) -> None:
    s3.put_object(Bucket="brand", Key="a.png", Body=b"")
    (problem,) = check_s3(s3, "s3://brand/a.png")
    assert problem.code == "reference_empty"


def test_an_object_over_the_limit_is_told_with_both_sizes(s3: S3Client) -> None:
    s3.put_object(Bucket="brand", Key="a.png", Body=PNG + bytes(30_000_000))
    (problem,) = check_s3(s3, "s3://brand/a.png")
    assert problem.code == "reference_too_large"
    assert "30,000,098 bytes" in problem.message
    assert (problem.limit, problem.source) == ("at most 30,000,000 bytes", "seed")


@pytest.mark.parametrize(
    ("lists", "head"),
    [
        ({"image_urls": ("https://m.example/a.png",)}, PNG),
        ({"video_urls": ("https://m.example/a.mp4",)}, MP4),
        ({"audio_urls": ("https://m.example/a.wav",)}, WAV),
    ],
)
def test_the_limit_of_size_is_the_last_size_taken(
    lists: dict[str, tuple[str, ...]], head: bytes
) -> None:
    (name,) = lists
    assert check_link(partial(head, LARGEST[name]), **lists) == ()
    (problem,) = check_link(partial(head, LARGEST[name] + 1), **lists)
    assert problem.code == "reference_too_large"


def test_the_size_is_read_from_a_source_without_ranges() -> None:
    body = PNG.ljust(BLOCK, b"\0")
    (problem,) = check_link(Told(body, 200, {"content-length": "30000001"}))
    assert problem.code == "reference_too_large"


@pytest.mark.parametrize("headers", [{}, {"content-length": "many"}])
def test_a_size_that_is_not_told_is_no_problem(headers: Mapping[str, str]) -> None:
    assert check_link(Told(PNG[:64], 200, headers)) == ()


def test_a_link_is_shown_without_its_signature() -> None:
    (problem,) = check_link(FetchFailedError("No.", 404))
    assert problem.value == "https://media.example/bottle.png"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FetchFailedError("gone", 404), "reference_missing"),
        (FetchFailedError("gone", 410), "reference_missing"),
        (FetchFailedError("no", 401), "reference_forbidden"),
        (FetchFailedError("no", 403), "reference_forbidden"),
        (FetchFailedError("empty", 416), "reference_empty"),
        (FetchFailedError("ill", 503), "reference_unreachable"),
        (FetchFailedError("took longer than 10 s"), "reference_unreachable"),
        (FetchRefusedError("not on the public internet"), "reference_refused"),
    ],
)
def test_a_link_that_cannot_be_fetched_is_told(error: Exception, code: str) -> None:
    (problem,) = check_link(error)
    assert problem.code == code
    assert problem.path == "$.image_urls[0]"


@pytest.mark.parametrize("url", ["https://me:secret@media.example/a.png", "ftp://media.example/a"])
def test_a_link_that_is_none_is_refused_without_repeating_its_secret(url: str) -> None:
    (problem,) = check_link(Told(PNG), image_urls=(url,))
    assert problem.code == "reference_refused"
    assert "secret" not in str(problem)


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("a.png", HEIC, "holds heic"),
        ("a.png", MP4, "holds mp4"),
        ("a.png", b"<!DOCTYPE html><html>", "holds a web page"),
        ("a.png", b"plain words", "holds no known format"),
        ("a.heic", JPEG, "is named heic"),
        ("a.gif", b"GIF89a" + bytes(60), "holds gif"),
    ],
)
def test_a_file_of_another_format_is_told(name: str, head: bytes, words: str) -> None:
    (problem,) = check_link(Told(head), image_urls=(f"https://media.example/{name}",))
    assert problem.code == "reference_format"
    assert words in problem.message
    assert problem.limit == "jpeg, png, webp"


@pytest.mark.parametrize("name", ["a.jpg", "a.JPEG", "a", "image.php?id=3", "a.v2", "a.png"])
def test_a_name_that_claims_nothing_wrong_is_no_problem(name: str) -> None:
    assert check_link(Told(JPEG), image_urls=(f"https://media.example/{name}",)) == ()


def test_problems_are_told_in_the_order_of_the_request() -> None:
    lists = {
        "image_urls": tuple(f"https://m.example/{n}.png" for n in range(9)),
        "video_urls": ("https://m.example/v.mp4",),
        "audio_urls": ("https://m.example/a.mp3",),
    }
    found = check_link(FetchFailedError("No.", 404), **lists)
    names = [f"$.image_urls[{n}]" for n in range(9)]
    assert [problem.path for problem in found] == [*names, "$.video_urls[0]", "$.audio_urls[0]"]


def test_what_lies_in_s3_becomes_a_signed_link_and_the_rest_stays(s3: S3Client) -> None:
    request = replace(REQUEST, image_urls=("s3://brand/a b.png", LINK))
    linked = S3References(lambda _bucket: s3, Web(Told(PNG)), link_seconds=600).as_links(request)
    signed, kept = linked.image_urls
    assert kept == LINK
    assert urlsplit(signed).path.endswith("/a%20b.png")
    assert "Expires" in signed
    assert replace(linked, image_urls=request.image_urls) == request


def test_no_role_is_assumed_where_nothing_lies_in_s3() -> None:
    request = replace(REQUEST, image_urls=(LINK,))
    assert S3References(_no_reader, Web(Told(PNG))).as_links(request) == request


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (JPEG, "jpeg"),
        (PNG, "png"),
        (WEBP, "webp"),
        (MP4, "mp4"),
        (MOV, "mov"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "mov"),
        (b"\x00\x00\x00\x1cftypM4A ", "m4a"),
        (b"\x00\x00\x00\x1cftypavif", "avif"),
        (WAV, "wav"),
        (MP3, "mp3"),
        (b"\xff\xfb\x90\x44", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"OggS\x00", "ogg"),
        (b"\x1a\x45\xdf\xa3", "webm or mkv"),
        (b"", None),
        (b"RIFF", None),
    ],
)
def test_a_format_is_known_by_its_first_bytes(head: bytes, name: str | None) -> None:
    assert held_format(head) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/b.JPG", "jpeg"), ("b.heic", "heic"), ("/a.png/b", None), ("b.v2", None), ("png", None)],
)
def test_a_format_is_claimed_only_by_a_known_extension(path: str, name: str | None) -> None:
    assert claimed_format(path) == name

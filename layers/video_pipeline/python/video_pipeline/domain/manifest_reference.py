"""Where a reference of a manifest points: a public link or an object in S3."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.problem import Problem, shown

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+|.*[^\x00-\x7f].*")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the manifest lies; relative references start there."""

    bucket: str
    key: str

    @property
    def folder(self) -> str:
        return self.key.rpartition("/")[0]


class _RefusedError(Exception):
    """A reference that cannot be used, with code, reason and fix."""

    def __init__(self, code: str, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.fix = code, reason, fix


def resolve(text: str, origin: Origin, path: str) -> str | Problem:
    """Return a reference as `https://…` or `s3://bucket/key`, or what is wrong with it."""
    try:
        return _resolved(text, origin)
    except _RefusedError as refused:
        return Problem(
            refused.code,
            path,
            f"The reference {shown(text)} {refused.reason}.",
            value=shown(text),
            limit="https links, s3://bucket/key, or paths relative to the manifest",
            source="seed" if refused.code == "reference_data_url" else "pipeline",
            fix=refused.fix,
        )


def _resolved(text: str, origin: Origin) -> str:
    _refuse_unprintable(text)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _relative(text, origin)
    match scheme[1].lower():
        case "https":
            return "https" + _public_link(text)[len("https") :]
        case "s3":
            return _object(text[len("s3:") :])
        case "data":
            raise _RefusedError(
                "reference_data_url",
                "carries its bytes in Base64, which the provider does not take",
                "Upload the file beside the manifest and write its path.",
            )
        case "http":
            raise _RefusedError(
                "reference_http",
                "is not encrypted",
                f"Write {shown('https' + text[len('http') :])}, if the host serves it.",
            )
    raise _RefusedError(
        "reference_scheme",
        f"starts with {shown(scheme[0])}, which nobody can fetch",
        "Use https or s3, or upload the file beside the manifest and write its path"
        " (with ./ in front if its name holds a colon).",
    )


def _refuse_unprintable(text: str) -> None:
    if not text.strip():
        raise _RefusedError("reference_empty", "is empty", "Remove it from the list.")
    if text != text.strip():
        raise _RefusedError(
            "reference_spaces", "begins or ends with white space", "Remove the white space."
        )
    if _UNSEEN.search(text):
        raise _RefusedError(
            "reference_characters",
            "holds a line break or a control character",
            "Remove it; a reference is one line.",
        )


def _public_link(text: str) -> str:
    parts = _split(text)
    if parts is None or not _HOST.fullmatch(parts.hostname or ""):
        raise _RefusedError(
            "reference_url",
            "is not a complete link",
            "Write https://, a host name, and a path, as in https://example.com/bottle.png.",
        )
    if "@" in parts.netloc:
        raise _RefusedError(
            "reference_credentials",
            "carries a user name or password",
            "Use a public or a signed link, or an s3:// reference.",
        )
    if not text.isascii() or " " in text:
        raise _RefusedError(
            "reference_encoding",
            "holds characters that a link must encode",
            f"Write {shown('https://' + parts.netloc + quote(parts.path, safe='/%:@!$&()*+,;=~'))}"
            ", and encode whatever follows in the same way.",
        )
    return text


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        return parts if text[6:8] == "//" and parts.port != 0 else None
    except ValueError:
        return None


def _object(rest: str) -> str:
    bucket, _, key = rest.removeprefix("//").partition("/")
    if not rest.startswith("//") or not _BUCKET.fullmatch(bucket) or ".." in bucket:
        raise _RefusedError(
            "reference_bucket",
            "names no valid bucket",
            "Write s3://bucket/key; bucket names are 3 to 63 lower-case letters, digits, - and .",
        )
    if any(segment in {".", ".."} for segment in key.split("/")):
        raise _RefusedError(
            "reference_dots", "has . or .. in its key", "Write the object's key as S3 lists it."
        )
    return f"s3://{bucket}/{_whole_key(key)}"


def _relative(text: str, origin: Origin) -> str:
    if text.startswith("/"):
        raise _RefusedError(
            "reference_absolute",
            "begins with a slash",
            f"Write s3://{origin.bucket}{shown(text)[1:-1]}, or a path relative to the manifest.",
        )
    if "\\" in text:
        raise _RefusedError(
            "reference_backslash",
            "has backslashes",
            f"Write {shown(text.replace(chr(92), '/'))}.",
        )
    return f"s3://{origin.bucket}/{_whole_key(_joined(origin.folder, text))}"


def _joined(folder: str, path: str) -> str:
    segments = folder.split("/") if folder else []
    for segment in path.split("/"):
        if segment == ".." and not segments:
            raise _RefusedError(
                "reference_outside",
                "leaves the bucket",
                "Use fewer ../; a reference of another bucket is written s3://bucket/key.",
            )
        if segment == "..":
            segments.pop()
        elif segment not in {"", "."}:
            segments.append(segment)
    is_folder = path.rpartition("/")[2] in {"", ".", ".."}
    return "/".join(segments) + "/" * is_folder


def _whole_key(key: str) -> str:
    if not key or key.endswith("/"):
        raise _RefusedError(
            "reference_folder", "names a folder, not a file", "Name one file in it."
        )
    if len(key.encode()) > LIMITS["s3 key"].most:
        raise _RefusedError(
            "reference_key_too_long",
            f"leads to a key longer than S3 allows ({LIMITS['s3 key']})",
            "Shorten the path.",
        )
    return key

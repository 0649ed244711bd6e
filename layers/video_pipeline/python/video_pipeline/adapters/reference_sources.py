"""Where references lie, and how a few of their bytes are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from video_pipeline.adapters.addresses import WebAddress
from video_pipeline.domain.errors import FetchFailedError, FetchRefusedError
from video_pipeline.ports import Fetcher

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Reader: TypeAlias = "Callable[[str], S3Client]"  # a bucket's own client
EMPTY_RANGE = 416
GONE = frozenset({404, 410})
FORBIDDEN = frozenset({401, 403})
PARTIAL = 206
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_TOTAL = re.compile(r"\s*bytes\s+[^/]*/\s*([0-9]{1,18})\s*")


class UnfitError(Exception):
    """A reference cannot be used as it stands; `code` is stable, `fix` says what to do.

    With `may_come` it names an object that somebody may still upload.
    """

    def __init__(self, code: str, message: str, fix: str, *, may_come: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.fix = fix
        self.may_come = may_come


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file, and the size of the whole where it is told.

    A host that takes no ranges sends the beginning, whatever was asked for.
    """

    content: bytes
    total: int | None
    is_range: bool = True


class Source(Protocol):
    """One referenced file, read by ranges."""

    @property
    def shown(self) -> str:
        """Return where the file lies, without what may be a signature."""
        ...

    @property
    def path(self) -> str: ...

    def read(self, first_byte: int, last_byte: int) -> Part:
        """Read a range; raises UnfitError when the user must mend the reference."""
        ...


@dataclass(frozen=True, slots=True)
class S3Location:
    bucket: str
    key: str

    @classmethod
    def parse(cls, url: str) -> "S3Location":
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not (_BUCKET.fullmatch(bucket) and key):
            raise UnfitError(
                "reference_invalid",
                "The reference names no bucket and key.",
                "Write it as s3://bucket/key.",
            )
        return cls(bucket, key)


class S3Source:
    """An object, read as the reader role: what it may read, its signed links may fetch."""

    def __init__(self, reader: Reader, url: str) -> None:
        self._location = S3Location.parse(url)
        self._client = reader(self._location.bucket)
        self.shown = url
        self.path = self._location.key

    def read(self, first_byte: int, last_byte: int) -> Part:
        at = self._location
        try:
            answer = self._client.get_object(
                Bucket=at.bucket, Key=at.key, Range=f"bytes={first_byte}-{last_byte}"
            )
        except self._client.exceptions.ClientError as error:
            unfit = _S3_ERRORS.get(error.response["Error"]["Code"])
            if unfit is None:
                raise
            raise unfit() from error
        with answer["Body"] as body:
            return Part(body.read(), _total(answer.get("ContentRange", "")))


class LinkSource:
    """A public link, read through the guarded fetch."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self._fetcher = fetcher
        self._url = url
        try:
            address = WebAddress.parse(url)
        except ValueError as error:
            raise _refused(f"The link {error}.") from error
        self.shown = address.shown
        self.path = address.target.partition("?")[0]

    def read(self, first_byte: int, last_byte: int) -> Part:
        length = last_byte + 1 - first_byte
        try:
            with self._fetcher.open(
                self._url, max_bytes=length, first_byte=first_byte, last_byte=last_byte
            ) as fetched:
                content = b"".join(fetched.chunks(length))
                if fetched.status == PARTIAL:
                    return Part(content, _total(fetched.headers.get("content-range", "")))
                length_told = fetched.headers.get("content-length", "")
                return Part(content, _count(length_told), is_range=False)
        except FetchRefusedError as error:
            raise _refused(str(error)) from error
        except FetchFailedError as error:
            raise _failed(error) from error


def source_of(url: str, fetcher: Fetcher, reader: Reader) -> Source:
    return S3Source(reader, url) if url.startswith("s3://") else LinkSource(fetcher, url)


def _missing() -> UnfitError:
    return UnfitError(
        "reference_missing",
        "There is no such file.",
        "Check the spelling, capital letters included, or upload the file first.",
    )


def _awaited() -> UnfitError:
    missing = _missing()
    return UnfitError(missing.code, str(missing), missing.fix, may_come=True)


def _forbidden() -> UnfitError:
    return UnfitError(
        "reference_forbidden",
        "The pipeline's reader role may not read the file.",
        "Let the role read it (s3:GetObject, s3:ListBucket, and kms:Decrypt if the bucket has "
        "a key of its own), or name the bucket in the stack's reference buckets.",
    )


def _asleep() -> UnfitError:
    return UnfitError(
        "reference_archived",
        "The file lies in a storage class that cannot be read at once.",
        "Restore the file, or copy it into a bucket of a standard class.",
    )


def _empty() -> UnfitError:
    return UnfitError("reference_empty", "The file is empty.", "Upload the file again.")


def _refused(message: str) -> UnfitError:
    return UnfitError(
        "reference_refused",
        message,
        "Give a public https link, or put the file into a bucket and give its s3:// address.",
    )


def _failed(error: FetchFailedError) -> UnfitError:
    if error.status == EMPTY_RANGE:
        return _empty()
    if error.status in GONE:
        return _missing()
    if error.status in FORBIDDEN:
        return UnfitError(
            "reference_forbidden",
            str(error),
            "Give a link that works without a login and has not expired.",
        )
    return UnfitError(
        "reference_unreachable",
        str(error),
        "Open the link in a browser without a login; drop the manifest again once it works, "
        "or put the file into a bucket and give its s3:// address.",
    )


_S3_ERRORS: dict[str, Callable[[], UnfitError]] = {
    "NoSuchKey": _awaited,
    "NoSuchBucket": _missing,
    "404": _awaited,
    "AccessDenied": _forbidden,
    "AllAccessDisabled": _forbidden,
    "403": _forbidden,
    "KMS.DisabledException": _forbidden,
    "KMS.NotFoundException": _forbidden,
    "InvalidObjectState": _asleep,
    "InvalidRange": _empty,
    "416": _empty,
}


def _total(content_range: str) -> int | None:
    told = _TOTAL.fullmatch(content_range)
    return int(told[1]) if told else None


def _count(content_length: str) -> int | None:
    return int(content_length) if re.fullmatch(r"[0-9]{1,18}", content_length) else None

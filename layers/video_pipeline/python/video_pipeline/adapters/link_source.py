"""References that are public links."""

import re

from video_pipeline.adapters.addresses import WebAddress
from video_pipeline.adapters.reference_sources import (
    Part,
    UnfitError,
    digest_of,
    empty,
    missing,
    total_of,
)
from video_pipeline.domain.errors import FetchFailedError, FetchRefusedError
from video_pipeline.domain.media import MediaVersion
from video_pipeline.ports import Fetcher

EMPTY_RANGE = 416
GONE = frozenset({404, 410})
FORBIDDEN = frozenset({401, 403})
PARTIAL = 206
KEEP_DAYS = 1
_STRONG_TAG = re.compile(r'"([\x21\x23-\x7e]{1,200})"')


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

    def look(self) -> MediaVersion | None:
        """Return nothing: what a link leads to is only told by reading it."""
        return None

    def read(self, first_byte: int, last_byte: int) -> Part:
        length = last_byte + 1 - first_byte
        try:
            with self._fetcher.open(
                self._url, max_bytes=length, first_byte=first_byte, last_byte=last_byte
            ) as fetched:
                content = b"".join(fetched.chunks(length))
                if fetched.status == PARTIAL:
                    total = total_of(fetched.headers.get("content-range", ""))
                    version = self._version(fetched.headers.get("etag", ""), total)
                    return Part(content, total, version=version)
                length_told = fetched.headers.get("content-length", "")
                return Part(content, _count(length_told), is_range=False)
        except FetchRefusedError as error:
            raise _refused(str(error)) from error
        except FetchFailedError as error:
            raise _failed(error) from error

    def _version(self, etag: str, size: int | None) -> MediaVersion | None:
        """Believe a strong tag alone: a weak one may stay the same for other bytes."""
        strong = _STRONG_TAG.fullmatch(etag)
        if strong is None or size is None:
            return None
        digest = digest_of(self._url, etag, str(size))
        return MediaVersion(digest, size, strong[1], None, KEEP_DAYS)


def _refused(message: str) -> UnfitError:
    return UnfitError(
        "reference_refused",
        message,
        "Give a public https link, or put the file into a bucket and give its s3:// address.",
    )


def _failed(error: FetchFailedError) -> UnfitError:
    if error.status == EMPTY_RANGE:
        return empty()
    if error.status in GONE:
        return missing()
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


def _count(content_length: str) -> int | None:
    return int(content_length) if re.fullmatch(r"[0-9]{1,18}", content_length) else None

"""Reference media: looked at before money is spent, and signed for the provider."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import MappingProxyType

from video_pipeline.adapters.link_source import LinkSource
from video_pipeline.adapters.media_formats import (
    FORMATS,
    HEAD_BYTES,
    claimed_format,
    held_format,
)
from video_pipeline.adapters.media_reader import read_facts
from video_pipeline.adapters.ranged_file import MOST_BYTES, RangedFile
from video_pipeline.adapters.reference_sources import Part, Source, UnfitError
from video_pipeline.adapters.s3_source import Reader, S3Location, S3Source
from video_pipeline.domain.media import MediaFacts, MediaVersion, Reference
from video_pipeline.domain.problem import Problem, clipped
from video_pipeline.domain.reference_rules import (
    Measured,
    each_problems,
    seconds_of,
    together_problems,
)
from video_pipeline.domain.request import REFERENCE_LISTS, VideoRequest
from video_pipeline.ports import Checked, Fetcher, KnownMedia

SIDE_BY_SIDE = 15  # as many as a request can name, so that none waits for another

LARGEST: Mapping[str, int] = MappingProxyType(
    {"image_urls": 30_000_000, "video_urls": 50_000_000, "audio_urls": 15_000_000}
)
"""Bytes of one file [seed]; decimal megabytes, because the page does not say which it means."""

MOST_BYTES_READ: Mapping[str, int] = MappingProxyType(
    {"image_urls": MOST_BYTES, "video_urls": MOST_BYTES, "audio_urls": 16 * 1024 * 1024}
)
"""Bytes read of one file; of an MP3 without a length every byte may be needed."""


@dataclass(frozen=True, slots=True)
class Look:
    """One reference and its first bytes, for a judge to look at."""

    field: str
    path: str
    source: Source
    head: Part


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reference stands in its request."""

    field: str
    index: int

    @property
    def path(self) -> str:
        return f"$.{self.field}[{self.index}]"

    def named(self, version: MediaVersion) -> str:
        """Name a version by its use too: each list takes formats of its own."""
        return f"{self.field}#{version.digest}"


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reference turned out to be."""

    problems: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()
    measured: Measured | None = None
    reference: Reference | None = None


Measure = Callable[[RangedFile], MediaFacts]
Judge = Callable[[Look], Iterator[Problem]]


def size_problems(look: Look) -> Iterator[Problem]:
    limit, total = LARGEST[look.field], look.head.total
    if not look.head.content:
        yield _problem(look, "reference_empty", "The file is empty.", "Upload the file again.")
    elif total is not None and total > limit:
        yield replace(
            _problem(
                look,
                "reference_too_large",
                f"The file has {total:,} bytes, more than the model takes.",
                f"Make the file smaller: {limit // 1_000_000} MB is the most.",
            ),
            limit=f"at most {limit:,} bytes",
            source="seed",
        )


def format_problems(look: Look) -> Iterator[Problem]:
    """Judge by the bytes, and by an extension only where it claims another format."""
    allowed = FORMATS[look.field]
    held, claimed = held_format(look.head.content), claimed_format(look.source.path)
    if held in allowed and (claimed is None or claimed in allowed):
        return
    if not look.head.content:
        return
    words = f"holds {held or 'no known format'}" if held not in allowed else f"is named {claimed}"
    yield replace(
        _problem(
            look,
            "reference_format",
            f"The file {words}, which the model does not take in {look.field}.",
            f"Give a file of one of these formats, named so: {', '.join(allowed)}.",
        ),
        limit=", ".join(allowed),
        source="seed",
    )


class S3References:
    """The references port; judges look at one reference each, in order."""

    def __init__(  # noqa: PLR0913 - two are for tests of single steps
        self,
        reader: Reader,
        fetcher: Fetcher,
        *,
        link_seconds: int = 3600,
        judges: Sequence[Judge] = (size_problems, format_problems),
        measure: Measure = read_facts,
        known: KnownMedia | None = None,
    ) -> None:
        self._reader = reader
        self._fetcher = fetcher
        self._link_seconds = link_seconds
        self._judges = tuple(judges)
        self._measure = measure
        self._known = known

    def check(self, request: VideoRequest) -> Checked:
        """Look at every reference side by side; an S3 that is ill itself raises."""
        named = [
            (field, index, url)
            for field in REFERENCE_LISTS
            for index, url in enumerate(getattr(request, field))
        ]
        if not named:
            return Checked()
        with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(named))) as pool:
            found = list(pool.map(lambda reference: self._check_one(*reference), named))
        measured = [one.measured for one in found if one.measured]
        problems = [problem for one in found for problem in one.problems]
        seconds = seconds_of("video_urls", measured) if request.video_urls else None
        return Checked(
            (*problems, *together_problems(measured)),
            tuple(problem for one in found for problem in one.missing),
            seconds,
            tuple(one.reference for one in found if one.reference),
        )

    def as_links(self, request: VideoRequest) -> VideoRequest:
        return replace(
            request,
            image_urls=tuple(map(self._link, request.image_urls)),
            video_urls=tuple(map(self._link, request.video_urls)),
            audio_urls=tuple(map(self._link, request.audio_urls)),
        )

    def _check_one(self, field: str, index: int, url: str) -> _Found:
        at = _Place(field, index)
        try:
            source = _source_of(url, self._fetcher, self._reader)
            return self._recalled(at, source) or self._looked(at, source)
        except UnfitError as error:
            problem = Problem(error.code, at.path, str(error), value=_shown(url), fix=error.fix)
            return _Found(missing=(problem,)) if error.may_come else _Found((problem,))

    def _recalled(self, at: _Place, source: Source) -> _Found | None:
        """Return what an object is known to be, if this very version of it was measured."""
        version = source.look() if self._known else None
        facts = self._known.recall(at.named(version)) if self._known and version else None
        if version is None or facts is None:
            return None
        return _found(at, source, facts, version.size, version)

    def _looked(self, at: _Place, source: Source) -> _Found:
        file = RangedFile(source, MOST_BYTES_READ[at.field])
        head = Part(file.read_at(0, HEAD_BYTES), file.total)
        look = Look(at.field, at.path, source, head)
        problems = tuple(problem for judge in self._judges for problem in judge(look))
        if problems:
            return _Found(problems)
        return _found(at, source, self._facts(at, file), file.total, file.version)

    def _facts(self, at: _Place, file: RangedFile) -> MediaFacts:
        if self._known is None or file.version is None:
            return self._measure(file)
        name = at.named(file.version)
        facts = self._known.recall(name)
        if facts is None:
            facts = self._measure(file)
            self._known.keep(name, facts, file.version.keep_days)
        return facts

    def _link(self, url: str) -> str:
        if not url.startswith("s3://"):
            return url
        at = S3Location.parse(url)
        return self._reader(at.bucket).generate_presigned_url(
            "get_object",
            Params={"Bucket": at.bucket, "Key": at.key},
            ExpiresIn=self._link_seconds,
        )


def _source_of(url: str, fetcher: Fetcher, reader: Reader) -> Source:
    return S3Source(reader, url) if url.startswith("s3://") else LinkSource(fetcher, url)


def _found(
    at: _Place, source: Source, facts: MediaFacts, size: int, version: MediaVersion | None
) -> _Found:
    measured = Measured(at.field, at.path, source.shown, facts)
    told = (version.version_id, version.etag) if version else (None, None)
    reference = Reference(at.field, at.index, source.shown, size, facts, *told)
    return _Found(tuple(each_problems(measured)), (), measured, reference)


def _problem(look: Look, code: str, message: str, fix: str) -> Problem:
    return Problem(code, look.path, message, value=look.source.shown, fix=fix)


def _shown(url: str) -> str:
    """Return a reference without its query, which may be a signature; a key may hold any sign."""
    return url if url.startswith("s3://") else clipped(url.partition("?")[0])

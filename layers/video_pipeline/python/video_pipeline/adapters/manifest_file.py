"""The front door: whatever bytes somebody dropped, a manifest or all that is wrong with it."""

from pathlib import PurePosixPath

from video_pipeline.adapters.manifest_assembly import ManifestSlices
from video_pipeline.adapters.manifest_document import (
    Document,
    file_empty,
    lines,
    outline,
    too_large,
)
from video_pipeline.adapters.manifest_json import parse_json
from video_pipeline.adapters.manifest_text import Body, UnreadableError, decoded
from video_pipeline.domain.findings import EnoughError, Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest import Manifest, Reading
from video_pipeline.domain.manifest_reference import Origin
from video_pipeline.domain.problem import Problem, shown
from video_pipeline.domain.slices import Progress
from video_pipeline.ports import ReadableFile

YAML = frozenset({".yaml", ".yml"})
SHORT = 1 << 20


def read_manifest(body: bytes, *, bucket: str, key: str) -> Reading:
    """Read and check all of a manifest; never raises, whatever the bytes are."""
    progress = Progress()
    findings = progress.findings
    slices = open_manifest(Body(body), bucket, key, findings)
    if slices is None:
        return Reading(None, tuple(findings.errors), findings.warnings)
    jobs = tuple(job for found in slices.read(progress) for job in found.jobs)
    manifest = Manifest(jobs, slices.rerun, slices.max_credits)
    return Reading(None if findings.errors else manifest, tuple(findings.errors), findings.warnings)


def open_manifest(
    file: ReadableFile, bucket: str, key: str, findings: Findings
) -> ManifestSlices | None:
    """Open a manifest to be read by slices; None when nothing of it can be read."""
    try:
        return ManifestSlices(_document(file, key, findings), Origin(bucket, key), findings)
    except (UnreadableError, EnoughError):
        return None


def _document(file: ReadableFile, key: str, findings: Findings) -> Document:
    extension = PurePosixPath(key).suffix.lower()
    limit = "lines" if extension == ".jsonl" else "document"
    fits = not findings.add(_unfit(file.size, key, extension, limit))
    is_whole = fits and limit == "document"
    body = file.read(0, file.size if is_whole else min(file.size, SHORT))
    is_blank = len(body) == file.size and not body.strip(b"\xef\xbb\xbf \t\r\n")
    if findings.add([file_empty()] * is_blank) or not fits:
        raise UnreadableError
    if limit == "lines":
        return lines(file, findings)
    return outline(_tree(decoded(body, findings), extension, findings), findings)


def _tree(text: str, extension: str, findings: Findings) -> object:
    if extension not in YAML:
        return parse_json(text, findings)
    # Imported here because most manifests are JSON and the parser takes a while to load.
    from video_pipeline.adapters.manifest_yaml import parse_yaml  # noqa: PLC0415

    return parse_yaml(text, findings)


def _unfit(size: int, key: str, extension: str, limit: str) -> list[Problem]:
    problems = []
    if extension not in {".json", ".jsonl", *YAML}:
        problems.append(_file_type(extension))
    if len(key.encode(errors="replace")) > LIMITS["manifest key"].most:
        problems.append(_key_too_long(key))
    if size > LIMITS[limit].most:
        problems.append(too_large(size, limit))
    return problems


def _file_type(extension: str) -> Problem:
    return Problem(
        "file_type",
        "$",
        f"A file name that ends in {shown(extension)} is no manifest's.",
        value=extension,
        limit=".json, .yaml, .yml or .jsonl",
        source="pipeline",
        fix="Give the file the extension that tells how it is written.",
    )


def _key_too_long(key: str) -> Problem:
    return Problem(
        "manifest_key_too_long",
        "$",
        f"The manifest's key has {len(key.encode(errors='replace')):,} bytes.",
        value=shown(key),
        limit=str(LIMITS["manifest key"]),
        source=LIMITS["manifest key"].source,
        fix="Use shorter folder and file names: those of the results are made from them.",
    )

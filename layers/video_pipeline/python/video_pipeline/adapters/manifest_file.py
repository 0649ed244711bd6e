"""The front door: whatever bytes somebody dropped, a manifest or all that is wrong with it."""

from pathlib import PurePosixPath

from video_pipeline.adapters.manifest_assembly import assemble
from video_pipeline.adapters.manifest_document import Document, lines, outline, too_large
from video_pipeline.adapters.manifest_json import parse_json
from video_pipeline.adapters.manifest_text import UnreadableError, decoded
from video_pipeline.domain.findings import EnoughError, Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest import Reading
from video_pipeline.domain.manifest_reference import Origin
from video_pipeline.domain.problem import Problem, shown

YAML = frozenset({".yaml", ".yml"})


def read_manifest(body: bytes, *, bucket: str, key: str) -> Reading:
    """Read and check all of a manifest; never raises, whatever the bytes are."""
    findings = Findings()
    try:
        return assemble(_document(body, key, findings), findings, Origin(bucket, key))
    except (UnreadableError, EnoughError):
        return Reading(None, tuple(findings.errors), findings.warnings)


def _document(body: bytes, key: str, findings: Findings) -> Document:
    extension = PurePosixPath(key).suffix.lower()
    limit = "lines" if extension == ".jsonl" else "document"
    if findings.add(_unfit(body, key, extension, limit)):
        raise UnreadableError
    if extension == ".jsonl":
        return lines(body, findings)
    text = decoded(body, findings)
    return outline(_tree(text, extension, findings), findings)


def _tree(text: str, extension: str, findings: Findings) -> object:
    if extension not in YAML:
        return parse_json(text, findings)
    # Imported here because most manifests are JSON and the parser takes a while to load.
    from video_pipeline.adapters.manifest_yaml import parse_yaml  # noqa: PLC0415

    return parse_yaml(text, findings)


def _unfit(body: bytes, key: str, extension: str, limit: str) -> list[Problem]:
    problems = []
    if extension not in {".json", ".jsonl", *YAML}:
        problems.append(_file_type(extension))
    if len(key.encode(errors="replace")) > LIMITS["manifest key"].most:
        problems.append(_key_too_long(key))
    if len(body) > LIMITS[limit].most:
        problems.append(too_large(len(body), limit))
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        problems.append(Problem("file_empty", "$", "The file is empty.", fix="Write a job in it."))
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

"""No secret lies in the repository, every exception has its reason, generated pages are current."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from documents.__main__ import documents
from tests.support.template import ROOT

SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")
# What keys look like; planted ones of the tests are shorter or say that they are planted.
SECRETS = {
    "a provider key": re.compile(r"\bsk-(?!planted)[A-Za-z0-9_-]{20,}"),
    "an AWS key id": re.compile(r"\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "an AWS secret": re.compile(r"(?i)aws_secret_access_key[\"']?\s*[=:]\s*[\"'][A-Za-z0-9/+]{40}"),
    "a GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}"),
}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - found on the path
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def secrets_in(text: str) -> list[str]:
    return [name for name, looks in SECRETS.items() if looks.search(text)]


@pytest.mark.parametrize(
    "planted",
    [
        "sk-" + "A1b2C3d4" * 4,
        "AKIA" + "B" * 16,
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        'aws_secret_access_key = "' + "a" * 40 + '"',
        "ghp_" + "a" * 36,
    ],
)
def test_a_secret_would_be_found(planted: str) -> None:
    assert len(secrets_in(planted)) == 1


def test_no_secret_lies_in_the_repository() -> None:
    found = {
        str(path.relative_to(ROOT)): secrets
        for path in tracked()
        if path.is_file() and (secrets := secrets_in(path.read_text("utf-8", "replace")))
    }
    assert found == {}


def test_every_check_that_is_skipped_has_its_reason() -> None:
    skipped = yaml.safe_load((ROOT / ".checkov.yaml").read_text("utf-8"))["skip-check"]
    reasons = dict(re.findall(r"^\| (CKV_AWS_\d+) \| (.+) \|$", SECURITY, re.MULTILINE))
    assert sorted(reasons) == sorted(skipped)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_page_that_is_written_from_the_template_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path], "run `make documents`"

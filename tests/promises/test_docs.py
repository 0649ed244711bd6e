"""What the pages say is there: commands, files, links."""

import re
from pathlib import Path

import pytest

from tests.support.template import ROOT

PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/**/README.md"))
    if not {".venv", ".local", "build", "demo", ".aws-sam"} & set(path.relative_to(ROOT).parts)
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"\bmake ([a-z][a-z-]*)")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"```.*?```", re.DOTALL)
# Folders of this repository, and kinds of file that it holds.
PATH = re.compile(
    r"(?:functions|layers|statemachines|events|local|cli|tests|docs|requirements|\.ci)/[\w./*-]+"
    r"|[\w-]+\.(?:yaml|toml|md)|Makefile"
)
MADE_BY_USERS = {"promo.yaml", "promo.json", "m.json", "bottle.png"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def commands_in(text: str) -> set[str]:
    """Return the targets that a page tells to make, in code and in blocks of code."""
    code = "\n".join(CODE.findall(BLOCK.sub("", text)) + BLOCK.findall(text))
    return set(COMMAND.findall(code))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.MULTILINE))


def anchors_of(path: Path) -> set[str]:
    """Return the anchors of a page as GitHub makes them of its headings."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text_of(path)), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_command_that_a_page_names_is_one_of_the_makefile(path: Path) -> None:
    assert commands_in(text_of(path)) <= targets()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(text_of(path)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{name_of(path)} links to {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors_of(target), f"{name_of(path)} links to {link}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_file_that_a_page_names_is_there(path: Path) -> None:
    for code in CODE.findall(BLOCK.sub("", text_of(path))):
        if (named := PATH.fullmatch(code.strip())) and named[0] not in MADE_BY_USERS:
            assert list(ROOT.glob(named[0].rstrip("/"))), f"{name_of(path)} names {named[0]}"


def test_every_word_of_code_on_the_way_of_one_video_is_one_of_the_code() -> None:
    sources = [ROOT / "template.yaml", *ROOT.glob("statemachines/*.json")]
    sources += [*ROOT.glob("functions/*/*.py"), *ROOT.glob("layers/video_pipeline/**/*.py")]
    known = set(re.findall(r"\w+", "\n".join(map(text_of, sources))))
    words = CODE.findall(BLOCK.sub("", text_of(ROOT / "docs" / "one-video.md")))
    assert [word for word in words if word.isidentifier() and word not in known] == []


def test_every_function_is_met_on_the_way_of_one_video() -> None:
    text = text_of(ROOT / "docs" / "one-video.md")
    for folder in ROOT.glob("functions/*/"):
        assert folder.name in text, f"docs/one-video.md does not meet {folder.name}"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_a_page_that_every_project_has_is_there(name: str) -> None:
    assert text_of(ROOT / name).strip()


def test_the_readme_names_the_two_commands_that_set_everything_up() -> None:
    assert {"demo", "test"} <= commands_in(text_of(ROOT / "README.md"))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_headings_stand_without_pictures(path: Path) -> None:
    for heading in re.findall(r"^#+ (.+)$", BLOCK.sub("", text_of(path)), re.MULTILINE):
        assert not [sign for sign in heading if ord(sign) > 0x2190], heading

"""The page about the emulator names every switch with its default, every fault and option."""

import re

from provider_emulator.faults import KINDS
from provider_emulator.settings import Settings
from tests.emulator.harness import ROOT

PAGE = (ROOT / "docs" / "emulator.md").read_text()


def test_every_switch_stands_in_the_page_as_it_stands_in_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", PAGE, re.MULTILINE))
    described = {name: field.description for name, field in Settings.model_fields.items()}
    assert {name: rows.get(name) for name in described} == described


def test_every_default_stands_in_the_page() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        shown = field.default
        if isinstance(shown, bool):
            shown = "on" if shown else "off"
        elif isinstance(shown, tuple):
            shown = " ".join(str(each) for each in shown)
        assert rows[name] == str(shown), name


def test_every_fault_stands_in_the_page_and_no_other() -> None:
    rows = re.findall(r"^\| `(create|task|read|result|callback)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted((on, kind) for on, kinds in KINDS.items() for kind in kinds)

"""`python -m documents`: writes what stands in docs/ anew from template and events."""

from pathlib import Path

from documents.configuration import configuration
from documents.rights import rights_table
from documents.template import load_template
from event_contract.page import events_page
from local_stack.places import PROJECT

DOCS = PROJECT / "docs"
BEGIN = "<!-- rights: written from template.yaml by `make documents` -->"
END = "<!-- /rights -->"


def documents() -> dict[Path, str]:
    """Return every page that is written here, as it should be now."""
    template = load_template()
    security, events = DOCS / "security.md", DOCS / "events.md"
    before, _, rest = security.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return {
        DOCS / "configuration.md": configuration(template),
        events: events_page(events.read_text("utf-8")),
        security: f"{before}{BEGIN}\n{rights_table(template)}\n{END}{after}",
    }


def main() -> None:
    for path, text in documents().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

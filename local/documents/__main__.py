"""`python -m documents`: writes what stands in docs/ anew from the template."""

from pathlib import Path

from documents.configuration import configuration
from documents.rights import rights_table
from documents.template import load_template
from local_stack.places import PROJECT

DOCS = PROJECT / "docs"
BEGIN = "<!-- rights: written from template.yaml by `make documents` -->"
END = "<!-- /rights -->"


def documents() -> dict[Path, str]:
    """Return every page that is written here, as it should be now."""
    template = load_template()
    security = DOCS / "security.md"
    before, _, rest = security.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return {
        DOCS / "configuration.md": configuration(template),
        security: f"{before}{BEGIN}\n{rights_table(template)}\n{END}{after}",
    }


def main() -> None:
    for path, text in documents().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

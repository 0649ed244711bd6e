"""The template as it is written, its short function tags kept as long ones."""

from typing import Any

from local_stack.places import TEMPLATE
from local_stack.template_file import read_template


def load_template() -> dict[str, Any]:
    return read_template(TEMPLATE)

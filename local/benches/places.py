"""Where the benches build, and what a function's environment holds there."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from benches.side_by_side import RESULTS
from local_stack.build import layer_folders, one_at_a_time, sam_build, this_host, trim
from local_stack.localise import functions
from local_stack.places import StackFolder

FORMS = {
    "PROVIDER_BASE_URL": "{origin}",
    "CALLBACK_BASE_URL": "{origin}",
    "ALLOWED_LOCAL_HOSTS": "{origin}",
    "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:video_job",
    "READER_ROLE_ARN": "arn:aws:iam::123456789012:role/reader",
    "MANIFESTS_QUEUE_URL": "{origin}/123456789012/manifests",
    "INTAKE_BUCKET": "intake-bucket",
    "STORAGE_CLASS": "STANDARD",
}
"""Variables whose value must have a form; all others take a parameter's default, or a name."""


class Built:
    """The template as SAM builds it and as `layers/trim.py` leaves it: what lies in Lambda."""

    def __init__(self, folder: StackFolder) -> None:
        self.folder = folder.built
        self._template = yaml.safe_load((folder.built / "template.yaml").read_text("utf-8"))

    def function_folder(self, name: str) -> Path:
        return self.folder / str(self._properties(name)["CodeUri"])

    def layers(self, name: str) -> list[Path]:
        return layer_folders(self._template, function_id(name), self.folder)

    def search(self, name: str) -> list[Path]:
        return [self.function_folder(name), *self.layers(name)]

    def memory(self, name: str) -> int:
        common = self._template["Globals"]["Function"]["MemorySize"]
        return int(self._properties(name).get("MemorySize", common))

    def environment(self, name: str, origin: str) -> dict[str, str]:
        common = self._template["Globals"]["Function"]["Environment"]["Variables"]
        own = self._properties(name).get("Environment", {}).get("Variables", {})
        return {key: self._value(key, told, origin) for key, told in {**common, **own}.items()}

    def _value(self, name: str, told: object, origin: str) -> str:
        if name in FORMS:
            return FORMS[name].format(origin=origin)
        reference = told.get("Ref") if isinstance(told, Mapping) else None
        parameter = self._template["Parameters"].get(reference, {})
        return str(parameter.get("Default", name.lower().replace("_", "-")))

    def _properties(self, name: str) -> dict[str, Any]:
        return functions(self._template)[function_id(name)]


def function_id(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + "Function"


def build() -> Built:
    folder = StackFolder(RESULTS / "build", RESULTS / "build" / "stack.json")
    shutil.rmtree(folder.built, ignore_errors=True)
    folder.prepare()
    with one_at_a_time():
        sam_build(folder, this_host())
    trim(folder)
    return Built(folder)

import tempfile
from pathlib import Path

from local_stack.build import run
from local_stack.environment import against_engine
from local_stack.places import SAM, TEMPLATE, StackFolder
from local_stack.progress import step

NOWHERE = "http://127.0.0.1:9"


def validate() -> None:
    """Let SAM check the template twice: each way finds mistakes that the other passes."""
    with tempfile.TemporaryDirectory() as path:
        folder = StackFolder(Path(path), Path(path) / "stack.json")
        folder.prepare()
        for words in ([], ["--lint"]):
            command = [str(SAM), "validate", "--template-file", str(TEMPLATE), *words]
            with step(" ".join(["sam validate", *words])):
                run(command, against_engine(folder, NOWHERE), "The template is not valid.")

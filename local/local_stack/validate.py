import tempfile
from itertools import product
from pathlib import Path

from local_stack.build import run
from local_stack.environment import against_engine, scrubbed
from local_stack.examples.beside import EXAMPLES
from local_stack.places import PROJECT, SAM, TEMPLATE, StackFolder
from local_stack.progress import step

TEMPLATES = (TEMPLATE, PROJECT / "events" / "registry.template.json")
NOWHERE = "http://127.0.0.1:9"


def validate() -> None:
    """Let SAM check each template twice: each way finds mistakes that the other passes."""
    with tempfile.TemporaryDirectory() as path:
        folder = StackFolder(Path(path), Path(path) / "stack.json")
        folder.prepare()
        for template, words in product(TEMPLATES, ([], ["--lint"])):
            command = [str(SAM), "validate", "--template-file", str(template), *words]
            name = template.relative_to(PROJECT)
            with step(" ".join(["sam validate", *words, str(name)])):
                run(command, against_engine(folder, NOWHERE), f"{name} is not valid.")
        with step("cfn-lint examples/subscribers"):
            examples = sorted(map(str, EXAMPLES.glob("*/template.yaml")))
            run([str(SAM.parent / "cfn-lint"), *examples], scrubbed(folder), "An example is wrong.")

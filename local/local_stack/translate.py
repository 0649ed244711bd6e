"""Let SAM's own translator say what CloudFormation would get, for tests of roles and policies.

The translator lives in the engine's environment: it wants an older pydantic than the layers hold.
"""

import json
import subprocess
from copy import deepcopy
from typing import Any

from local_stack.environment import scrubbed
from local_stack.errors import LocalStackError
from local_stack.localise import Template
from local_stack.places import ENGINE_PYTHON, PROJECT, stack_folder

PROGRAM = """
import json, sys
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

order = json.load(sys.stdin)
translator = Translator({}, Parser())
try:
    json.dump(translator.translate(order["template"], order["parameters"]), sys.stdout)
except InvalidDocumentException as error:
    sys.exit("\\n".join(cause.message for cause in error.causes))
"""


UPLOADED = "s3://bucket/key"
FILES = ("CodeUri", "ContentUri", "DefinitionUri")


def translate(template: Template, parameters: dict[str, str] | None = None) -> Template:
    """Translate a template whose intrinsic functions are in their long form, as a built one's."""
    order = json.dumps({"template": uploaded(template), "parameters": parameters or {}})
    env = scrubbed(stack_folder("translation"), AWS_DEFAULT_REGION="us-east-1")
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-c", PROGRAM],
        cwd=PROJECT,
        env=env,
        input=order,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LocalStackError(f"SAM cannot translate the template:\n{done.stderr.strip()}")
    translated: dict[str, Any] = json.loads(done.stdout)
    return translated


def uploaded(template: Template) -> Template:
    """Name places in S3 instead of local files, as the template does once SAM has packaged it."""
    packaged = deepcopy(template)
    for resource in packaged["Resources"].values():
        properties = resource.get("Properties", {})
        properties.update({name: UPLOADED for name in FILES if name in properties})
    return packaged

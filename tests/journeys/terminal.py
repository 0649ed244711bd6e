"""A user at a terminal, with an AWS profile of their own that must not matter."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.journeys.traveller import Traveller

COMMAND = Path(sys.executable).with_name("video-pipeline")


def run(traveller: Traveller, *words: object) -> tuple[int, Any]:
    environment = {
        **os.environ,
        "AWS_PROFILE": "of-somebody-else",
        "VIDEO_PIPELINE_STACK_FILE": str(traveller.folder.stack_file),
    }
    command = [str(COMMAND), *map(str, words), "--json"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)

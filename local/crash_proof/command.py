"""The pipeline's own commands, run as a person would."""

import subprocess

from crash_proof.world import World
from local_stack.places import PROJECT_PROGRAMS


def run(world: World, *words: str) -> None:
    """Run `video-pipeline` with these words; whatever it refuses ends the run."""
    command = [str(PROJECT_PROGRAMS / "video-pipeline"), *words]
    command += ["--stack-file", str(world.stack_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")

"""One local stack for all tests that need it; the caller's AWS settings are out of sight."""

from collections.abc import Iterator

import pytest

from local_stack.environment import forget_caller
from local_stack.places import TEST_STACK, StackFolder, stack_folder
from local_stack.stack import Wishes, down, up
from local_stack.stack_file import Stack, read_stack

forget_caller()

# Short enough that a lost message or a killed function comes back within a test's patience.
QUICK = {
    "PollSeconds": "3",
    "CreateTimeoutSeconds": "5",
    "SubmitTimeoutSeconds": "25",
    "SubmitQueueVisibilitySeconds": "60",
}


@pytest.fixture(scope="session")
def running_folder() -> Iterator[StackFolder]:
    """The folder of the stack that runs for these tests; it has its own ports."""
    folder = stack_folder(TEST_STACK)
    try:
        up(folder, Wishes(clock_speed=60, parameters=QUICK))
        yield folder
    finally:
        down(folder)


@pytest.fixture(scope="session")
def stack(running_folder: StackFolder) -> Stack:
    return read_stack(running_folder)

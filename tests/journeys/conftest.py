import pytest

from local_stack.places import StackFolder
from local_stack.stack_file import Stack
from tests.journeys.traveller import Traveller


@pytest.fixture(scope="session")
def traveller(stack: Stack, running_folder: StackFolder) -> Traveller:
    """One ear on the events queue for all journeys, so that no test takes another's events."""
    return Traveller(stack, running_folder)

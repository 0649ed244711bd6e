from pathlib import Path

import pytest
from pytest_socket import disable_socket

from tests.media.corpus import CORPUS


@pytest.fixture(autouse=True)
def _no_network() -> None:
    disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all files, made once."""
    folder = tmp_path_factory.mktemp("corpus")
    for case in CORPUS:
        case.make(folder / case.name)
    return folder

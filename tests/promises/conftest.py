import pytest

from tests.promises.deployed import Deployed, deploy


@pytest.fixture(scope="session")
def on_aws() -> Deployed:
    return deploy(local_engine=False)


@pytest.fixture(scope="session")
def on_laptop() -> Deployed:
    return deploy(local_engine=True)

from pathlib import Path

import pytest

from local_stack import environment
from local_stack.environment import against_engine, for_installing, forget_caller, scrubbed
from local_stack.places import StackFolder

FOLDER = StackFolder(Path("/somewhere/stack"), Path("/somewhere/stack.json"))
CALLERS = {
    "AWS_PROFILE": "production",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_CA_BUNDLE": "/ca.pem",
    "REQUESTS_CA_BUNDLE": "/ca.pem",
    "SSL_CERT_FILE": "/ca.pem",
    "HTTPS_PROXY": "http://proxy:3128",
    "PYTHONPATH": "/elsewhere",
}


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CALLERS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("caller")
def test_a_process_inherits_nothing_of_the_caller() -> None:
    assert set(scrubbed(FOLDER)) == {
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "LOCAL_STACK_FOLDER",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
    }


def test_the_callers_profile_files_are_out_of_reach() -> None:
    settings = scrubbed(FOLDER)
    assert settings["AWS_CONFIG_FILE"] == "/dev/null"
    assert settings["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert settings["HOME"] == "/somewhere/stack/home"


def test_programs_of_ours_come_first_on_the_path() -> None:
    assert scrubbed(FOLDER, "/ours")["PATH"].split(":")[0] == "/ours"


def test_what_talks_to_the_engine_knows_that_endpoint_alone() -> None:
    settings = against_engine(FOLDER, "http://127.0.0.1:1")
    assert settings["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert settings["AWS_ACCESS_KEY_ID"] == "test"
    assert settings["SAM_CLI_TELEMETRY"] == "0"


def test_installing_may_use_the_callers_pip_settings_and_proxies_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "CALLER", CALLERS | {"PIP_INDEX_URL": "http://index"})
    assert set(for_installing()) == {
        "PIP_INDEX_URL",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
    }


@pytest.mark.usefixtures("caller")
def test_this_very_process_can_forget_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: dict[str, str] = dict(CALLERS)
    monkeypatch.setattr("os.environ", settings)
    forget_caller()
    assert settings == {
        "PYTHONPATH": "/elsewhere",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

"""What our processes may know of the machine: nothing of the caller's AWS, Python or proxies."""

import os

from local_stack.places import StackFolder

REGION = "us-east-1"
ACCESS_KEY_ID = "test"
SECRET_ACCESS_KEY = "test"  # noqa: S105 - the engine's own root user, on loopback
MARK = "LOCAL_STACK_FOLDER"
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
# What the caller may have set up so that pip reaches a package index at all.
FOR_INSTALLING = ("PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "XDG_CONFIG_")
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
UNWANTED = ("AWS_", "SAM_", "SSL_CERT_", "BOTO")
UNWANTED_NAMES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
CALLER = dict(os.environ)
NO_CALLER = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def scrubbed(folder: StackFolder, programs: str = "", **more: str) -> dict[str, str]:
    """Build an environment from nothing; its mark finds the process again, whatever its id."""
    return {
        "PATH": f"{programs}:{SYSTEM_PATH}" if programs else SYSTEM_PATH,
        "HOME": str(folder.home),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder.temporary),
        MARK: str(folder.path),
        **NO_CALLER,
        **more,
    }


def against_engine(folder: StackFolder, endpoint: str, programs: str = "") -> dict[str, str]:
    return scrubbed(
        folder,
        programs,
        AWS_ENDPOINT_URL=endpoint,
        AWS_DEFAULT_REGION=REGION,
        AWS_ACCESS_KEY_ID=ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
        SAM_CLI_TELEMETRY="0",
    )


def for_installing() -> dict[str, str]:
    """Pick what pip needs of the caller's settings: its configuration, proxies, certificates."""
    return {
        name: value
        for name, value in CALLER.items()
        if name.startswith(FOR_INSTALLING) or name.lower() in PROXIES
    }


def forget_caller() -> None:
    """Take the caller's AWS settings, certificates and proxies out of this very process."""
    for name in list(os.environ):
        if name.startswith(UNWANTED) or name in UNWANTED_NAMES or name.lower() in PROXIES:
            del os.environ[name]
    os.environ.update(NO_CALLER)

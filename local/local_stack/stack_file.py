import json
from dataclasses import asdict, dataclass

from local_stack.clients import Clients
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder, relative


@dataclass(frozen=True)
class Stack:
    """All that a program needs to use a running stack; the keys of `stack.json`."""

    aws_endpoint_url: str
    aws_access_key_id: str
    aws_secret_access_key: str
    region: str
    intake_bucket: str
    archive_bucket: str
    events_queue_url: str
    callback_base_url: str
    provider_url: str
    provider_api_key: str
    state_machine_arn: str
    table_name: str
    daily_credit_limit: int

    def clients(self) -> Clients:
        return Clients(
            self.aws_endpoint_url, self.region, self.aws_access_key_id, self.aws_secret_access_key
        )


def write_stack(folder: StackFolder, stack: Stack) -> None:
    """Write the file in one move, so that nobody reads half of it; it holds a key."""
    half = folder.stack_file.with_suffix(".half")
    half.write_text(json.dumps(asdict(stack), indent=2) + "\n")
    half.chmod(0o600)
    half.replace(folder.stack_file)


def read_stack(folder: StackFolder) -> Stack:
    try:
        return Stack(**json.loads(folder.stack_file.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise LocalStackError(
            f"No running stack: {relative(folder.stack_file)} cannot be read. Run `make up` first."
        ) from error

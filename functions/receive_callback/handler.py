"""Takes the provider's callback and answers at once."""

import base64
import re
from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.domain.capability import Capability
from video_pipeline.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "secrets_manager", "step_functions")
SMALL_NUMBER = re.compile("[0-9]{1,4}")


# The path is the capability, so neither the event nor the path is ever logged.
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    capability = capability_of(event["pathParameters"])
    is_post = event["requestContext"]["http"]["method"] == "POST"
    if not (is_post and wiring.receive_callback()(capability, body_of(event))):
        wiring.count("RingRefused")
        logger.warning("refused a callback without capability")
        return answer(404, '{"message": "Not Found"}')
    wiring.count("Ring")
    logger.info("ring", job_id=capability.job_id, attempt=capability.attempt)
    return answer(200, '{"rang": true}')


def capability_of(path: dict[str, str]) -> Capability:
    number = path["attempt"]
    attempt = int(number) if SMALL_NUMBER.fullmatch(number) else 0  # no attempt is numbered 0
    return Capability(path["job_id"], attempt, path["key_id"], path["proof"])


def body_of(event: dict[str, Any]) -> str:
    """Return the body as text; what is no text is a ring all the same."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(body).decode(errors="replace")
    return str(body)


def answer(status: int, body: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": body}

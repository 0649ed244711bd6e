"""Takes the provider's callback and answers at once."""

import re
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from video_pipeline import wiring
from video_pipeline.domain.capability import Capability

logger = Logger()
app = APIGatewayHttpResolver()
SMALL_NUMBER = re.compile("[0-9]{1,4}")


def rang() -> Response[str]:
    return Response(200, "application/json", '{"rang": true}')


def no_such_path() -> Response[str]:
    return Response(404, "application/json", '{"message": "Not Found"}')


@app.post("/callbacks/<job_id>/<attempt>/<key_id>/<proof>")
def receive(job_id: str, attempt: str, key_id: str, proof: str) -> Response[str]:
    number = int(attempt) if SMALL_NUMBER.fullmatch(attempt) else 0  # no attempt is numbered 0
    capability = Capability(job_id, number, key_id, proof)
    body = app.current_event.decoded_body or ""
    if not wiring.receive_callback()(capability, body):
        wiring.count("RingRefused")
        logger.warning("refused a callback without capability")
        return no_such_path()
    wiring.count("Ring")
    logger.info("ring", job_id=job_id, attempt=attempt)
    return rang()


# The path is the capability, so neither the event nor the path is ever logged.
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)

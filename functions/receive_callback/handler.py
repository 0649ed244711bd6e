"""Takes the provider's callback and answers at once."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from video_pipeline import wiring
from video_pipeline.domain.capability import Capability

logger = Logger()
app = APIGatewayHttpResolver()


def rang() -> Response[str]:
    return Response(200, "application/json", '{"rang": true}')


def no_such_path() -> Response[str]:
    return Response(404, "application/json", '{"message": "Not Found"}')


@app.post("/callbacks/<job_id>/<attempt>/<key_id>/<proof>")
def receive(job_id: str, attempt: str, key_id: str, proof: str) -> Response[str]:
    if not attempt.isdecimal():
        return no_such_path()
    capability = Capability(job_id, int(attempt), key_id, proof)
    body = app.current_event.decoded_body or ""
    if not wiring.receive_callback()(capability, body):
        logger.warning("refused a callback without capability")
        return no_such_path()
    logger.info("ring", job_id=job_id, attempt=attempt)
    return rang()


# The path is the capability, so neither the event nor the path is ever logged.
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)

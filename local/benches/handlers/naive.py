"""A handler as many tutorials write one: the bar that the real ones are held against.

A table resource, two more clients, an HTTP library, log, tracer and metrics, idempotency in a
table, a resolver for its routes, settings by a model, and a request model.
"""

from typing import Any, Literal

import boto3
import requests
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field, HttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    table_name: str
    state_machine_arn: str
    intake_bucket: str
    provider_base_url: str


class Image(BaseModel):
    kind: Literal["image"]
    url: HttpUrl


class Video(BaseModel):
    kind: Literal["video"]
    url: HttpUrl
    seconds: float | None = Field(default=None, ge=2, le=15)


class Output(BaseModel):
    quality: Literal["480p", "720p"] = "720p"
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"] = "16:9"


class Request(BaseModel):
    name: str = Field(max_length=64)
    prompt: str = Field(min_length=1)
    references: list[Image | Video] = Field(default_factory=list)
    output: Output = Field(default_factory=Output)
    duration: int = Field(default=5, ge=4, le=15)
    generate_audio: bool = True
    content_filter: bool = True
    metadata: dict[str, str] = Field(default_factory=dict)
    rerun: bool = False
    priority: int = 0
    deadline: str | None = None
    callback_url: HttpUrl | None = None


settings = Settings()
logger, tracer, metrics = Logger(), Tracer(), Metrics(namespace="VideoPipeline")
app = APIGatewayHttpResolver()
session = requests.Session()
table = boto3.resource("dynamodb").Table(settings.table_name)
s3 = boto3.client("s3")
step_functions = boto3.client("stepfunctions")
once = DynamoDBPersistenceLayer(table_name=settings.table_name)


@idempotent_function(
    data_keyword_argument="request",
    persistence_store=once,
    config=IdempotencyConfig(use_local_cache=True),
)
def take(request: dict[str, Any]) -> dict[str, Any]:
    model = Request.model_validate(request)
    head = s3.head_object(Bucket=settings.intake_bucket, Key=f"manifests/{model.name}.json")
    session.post(f"{settings.provider_base_url}/v1/videos/generations", json=request, timeout=10)
    table.put_item(Item={"pk": f"JOB#{model.name}", "version": head["VersionId"]})
    step_functions.start_execution(
        stateMachineArn=settings.state_machine_arn, input=model.model_dump_json()
    )
    return {"name": model.name}


@app.post("/callbacks/<job_id>/<attempt>/<key_id>/<proof>")
def receive(job_id: str, attempt: str, key_id: str, proof: str) -> dict[str, Any]:
    return take(request={"name": job_id, "prompt": f"attempt {attempt}"})


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    metrics.add_metric(name="Taken", unit=MetricUnit.Count, value=1)
    if "requestContext" in event:
        return app.resolve(event, context)
    logger.info("taken")
    return take(request={"name": "tea", "prompt": "A bottle of fruit tea"})

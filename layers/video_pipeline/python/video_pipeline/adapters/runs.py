"""The executions of the state machine, in Step Functions."""

import json
from typing import TYPE_CHECKING

from video_pipeline.domain.identity import run_name
from video_pipeline.domain.versions import RUN

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

GONE = ("TaskDoesNotExist", "TaskTimedOut", "InvalidToken")


class StepFunctionsRuns:
    """The runs port over one state machine."""

    def __init__(self, client: "SFNClient", state_machine_arn: str) -> None:
        self._client = client
        self._arn = state_machine_arn

    def start(self, job_id: str, run: int) -> bool:
        try:
            self._client.start_execution(
                stateMachineArn=self._arn,
                name=run_name(job_id, run),
                input=json.dumps({"version": RUN, "job_id": job_id, "run": run, "turn": 0}),
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def is_alive(self, job_id: str, run: int) -> bool:
        arn = self._arn.replace(":stateMachine:", ":execution:") + ":" + run_name(job_id, run)
        try:
            answer = self._client.describe_execution(executionArn=arn)
        except self._client.exceptions.ExecutionDoesNotExist:
            return False
        return answer["status"] == "RUNNING"

    def answer(self, token: str) -> None:
        try:
            self._client.send_task_success(taskToken=token, output="{}")
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise

    def fail(self, token: str, error: str, cause: str) -> None:
        try:
            self._client.send_task_failure(taskToken=token, error=error, cause=cause)
        except self._client.exceptions.ClientError as refused:
            if refused.response["Error"]["Code"] not in GONE:
                raise

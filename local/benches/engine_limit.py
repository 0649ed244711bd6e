"""A machine that only turns: around a function that does nothing, as often as it is told to."""

import io
import json
import time
import zipfile
from typing import Any

from local_stack.clients import Clients
from local_stack.errors import LocalStackError
from local_stack.localise import LOCAL_RUNTIME
from local_stack.places import RUNTIME_PYTHON

NAME = "bench-turns"
PATIENCE = 600.0
PAUSE = 0.05
BOOTSTRAP = f'#!/bin/sh\nexec "{RUNTIME_PYTHON}" -m awslambdaric "$_HANDLER"\n'
HANDLER = "def handler(event, context):\n    return {**event, 'turn': event['turn'] + 1}\n"
EXECUTABLE = 0o755 << 16


class EngineLimit:
    """The machine, made beside another one, whose role it takes."""

    def __init__(self, clients: Clients, beside: str, turns: int) -> None:
        self._clients = clients
        states = clients.states()
        role = states.describe_state_machine(stateMachineArn=beside)["roleArn"]
        definition = json.dumps(turning(make_function(clients, role), turns))
        made = states.create_state_machine(name=NAME, definition=definition, roleArn=role)
        self._machine = made["stateMachineArn"]

    def jobs_per_second(self, jobs: int) -> float:
        """Start so many executions at once, and say how many end in a second."""
        started = time.monotonic()
        run(self._clients, self._machine, jobs)
        return jobs / (time.monotonic() - started)


def make_function(clients: Clients, role: str) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as content:
        content.writestr("handler.py", HANDLER)
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = EXECUTABLE
        content.writestr(bootstrap, BOOTSTRAP)
    made = clients.functions().create_function(
        FunctionName=NAME,
        Runtime=LOCAL_RUNTIME,  # type: ignore[arg-type]  # a runtime that the stubs know by name
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": package.getvalue()},
        Timeout=60,
    )
    return made["FunctionArn"]


def turning(function: str, turns: int) -> dict[str, Any]:
    turn = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "Next": "Again",
    }
    again = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.turn", "NumericLessThan": turns, "Next": "Turn"}],
        "Default": "Done",
    }
    states = {"Turn": turn, "Again": again, "Done": {"Type": "Succeed"}}
    return {"StartAt": "Turn", "States": states}


def run(clients: Clients, machine: str, jobs: int) -> None:
    states = clients.states()
    for _ in range(jobs):
        states.start_execution(stateMachineArn=machine, input='{"turn": 0}')
    deadline = time.monotonic() + PATIENCE
    while states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        if time.monotonic() > deadline:
            raise LocalStackError(f"The engine did not end {jobs} executions in {PATIENCE:.0f} s.")
        time.sleep(PAUSE)

"""Whether every role still holds what the template gave it."""

from collections.abc import Iterator
from typing import Any

from video_pipeline_cli.doctor.deployed import Deployed
from video_pipeline_cli.doctor.finding import Finding, ok, wrong
from video_pipeline_cli.doctor.template import ROLE, allowed_actions


def roles_are_whole(stack: Deployed) -> Iterator[Finding]:
    iam = stack.client("iam")
    whole = 0
    for role in stack.of_type(ROLE):
        wanted = stack.template.actions_of(role.name, stack.resources)
        missing = sorted(wanted - _held(iam, role.id))
        if missing:
            words = f"the role {role.name} has lost {', '.join(missing)}"
            fix = f"give the actions back to {role.id}, or delete the stack's drift: {stack.update}"
            yield wrong("roles", words, fix)
        else:
            whole += 1
    if whole:
        yield ok("roles", f"{whole} roles hold every right that the template gives them")


def _held(iam: Any, role: str) -> set[str]:  # noqa: ANN401 - a client
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name) for name in names]
    return set(allowed_actions([document["PolicyDocument"] for document in documents]))

"""All looks at a stack, each on its own: one that fails hides no other."""

from collections.abc import Callable, Iterator

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import RenderableType
from rich.markup import escape

from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, FAILED, RUNNING, Answer
from video_pipeline_cli.doctor import callback, keys, money, roles, stores, trigger
from video_pipeline_cli.doctor.deployed import Deployed, look_up
from video_pipeline_cli.doctor.finding import Finding, Verdict, unknown
from video_pipeline_cli.target import Target

Look = Callable[[Deployed], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (
    trigger.bucket_tells,
    trigger.rules_are_on,
    trigger.queues_are_taken_from,
    trigger.dead_letters,
    roles.roles_are_whole,
    keys.callback_key,
    keys.provider_key,
    callback.callback,
    money.holds,
    money.cap,
    money.quotas,
    stores.ledger,
    stores.buckets,
    stores.machine,
    stores.versions,
)
COLOURS = {
    Verdict.OK: "green",
    Verdict.WARNING: "yellow",
    Verdict.WRONG: "red",
    Verdict.UNKNOWN: "yellow",
}


def doctor(target: Target) -> Answer:
    """Look at everything; code 1 if anything is wrong, 3 if something could not be asked."""
    findings = examine(target)
    verdicts = {finding.verdict for finding in findings}
    document = {
        "stack": target.stack,
        "local": target.is_local,
        "healthy": Verdict.WRONG not in verdicts,
        "findings": [_document(finding) for finding in findings],
    }
    code = FAILED if Verdict.WRONG in verdicts else DONE
    if code == DONE and Verdict.UNKNOWN in verdicts:
        code = RUNNING
    return Answer(document, code, tuple(_screen(findings)))


def examine(target: Target) -> list[Finding]:
    stack = look_up(target)
    return [finding for look in LOOKS for finding in _tried(look, stack)]


def _tried(look: Look, stack: Deployed) -> list[Finding]:
    subject = look.__name__.replace("_", " ")
    try:
        return list(look(stack))
    except (BotoCoreError, ClientError) as error:
        fix = "you may need the right that the message names, or the thing is gone: " + stack.update
        return [unknown(subject, f"this could not be asked: {error}", fix)]
    except KeyError as error:
        return [unknown(subject, f"the stack has no {error}", stack.update)]


def _document(finding: Finding) -> dict[str, str | None]:
    return {
        "subject": finding.subject,
        "verdict": finding.verdict.value,
        "words": finding.words,
        "fix": finding.fix,
    }


def _screen(findings: list[Finding]) -> Iterator[RenderableType]:
    seen = show.table("", "subject", "finding")
    for finding in findings:
        fix = f"\n[dim]fix:[/] {escape(finding.fix)}" if finding.fix else ""
        verdict = f"[{COLOURS[finding.verdict]}]{finding.verdict}[/]"
        seen.add_row(verdict, finding.subject, escape(finding.words) + fix)
    yield seen
    wrong = sum(finding.verdict is Verdict.WRONG for finding in findings)
    yield ""
    yield f"[red]{wrong} of {len(findings)} are wrong.[/]" if wrong else _well(findings)


def _well(findings: list[Finding]) -> str:
    doubtful = sum(finding.verdict is not Verdict.OK for finding in findings)
    if doubtful:
        return f"[yellow]Nothing is wrong; {doubtful} of {len(findings)} want a look.[/]"
    return f"[green]All {len(findings)} are well.[/]"

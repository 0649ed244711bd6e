"""Alarms, their sections of the runbook, and the dashboard: figures that the code really tells."""

import ast
import json
import re
from typing import Any

import pytest

from tests.promises.deployed import Deployed
from tests.support.template import ROOT

SECTION = re.compile(r"See docs/runbook\.md#([a-z-]+)$")
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
OURS = "VideoPipeline"
GAUGES = {"Jobs", "OldestSeconds", "LinksAtRisk", "Paused", "CapUsed"}


def sections() -> dict[str, str]:
    """Return every section of the runbook by the anchor of its heading."""
    parts = re.split(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)[1:]
    return {
        title.lower().replace(" ", "-"): body
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    }


def told_figures() -> set[str]:
    """Return the names of all figures in the code: literals given to Figure and to count."""
    names: set[str] = set()
    for folder in ("functions", "layers/video_pipeline/python"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            names |= set(re.findall(r'(?:Figure|count)\(\s*"([A-Z]\w+)"', text))
    names |= _values_of_counted()
    return names | {f"Submission{word}" for word in ("Paused", "Resumed")}


def _values_of_counted() -> set[str]:
    path = ROOT / "layers/video_pipeline/python/video_pipeline/domain/figures.py"
    tree = ast.parse(path.read_text("utf-8"))
    (table,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and [ast.unparse(target) for target in node.targets] == ["_COUNTED"]
    ]
    assert isinstance(table, ast.Dict)
    return {str(value.value) for value in table.values if isinstance(value, ast.Constant)}


def alarms(stack: Deployed) -> dict[str, dict[str, Any]]:
    return stack.of_type("AWS::CloudWatch::Alarm")


def metrics_of(alarm: dict[str, Any]) -> list[tuple[str, str]]:
    if "MetricName" in alarm:
        return [(alarm["Namespace"], alarm["MetricName"])]
    stats = [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]
    return [(metric["Namespace"], metric["MetricName"]) for metric in stats]


def test_every_alarm_names_its_section_and_every_section_its_alarms(on_aws: Deployed) -> None:
    named: dict[str, set[str]] = {}
    for name, alarm in alarms(on_aws).items():
        found = SECTION.search(alarm["AlarmDescription"].strip())
        assert found is not None, f"{name} names no section"
        named.setdefault(found[1], set()).add(name)
    written = {
        anchor: set(re.findall(r"`(\w+)`", body.partition("\n\n**")[0]))
        for anchor, body in sections().items()
    }
    assert named == written


@pytest.mark.parametrize("anchor", sections())
def test_a_section_says_what_it_means_where_to_look_and_what_to_do(anchor: str) -> None:
    bold = re.findall(r"^\*\*([^*]+)\*\*", sections()[anchor], re.MULTILINE)
    assert bold == ["It means", "Look", "Do"]


def test_an_alarm_watches_a_figure_that_the_code_tells(on_aws: Deployed) -> None:
    known = told_figures()
    for name, alarm in alarms(on_aws).items():
        for namespace, metric in metrics_of(alarm):
            assert namespace != OURS or metric in known, f"{name} watches {metric}"


def test_silence_is_decided_for_each_alarm_by_what_it_watches(on_aws: Deployed) -> None:
    """A gauge that stops keeps its state and MeasureSilent speaks; a count that stops is well."""
    for name, alarm in alarms(on_aws).items():
        gauge = {metric for _, metric in metrics_of(alarm)} <= GAUGES
        wanted = "breaching" if name == "MeasureSilent" else "ignore" if gauge else "notBreaching"
        assert alarm["TreatMissingData"] == wanted, name


def test_every_alarm_is_told_by_the_one_topic_and_so_is_its_end(on_aws: Deployed) -> None:
    (topic,) = on_aws.of_type("AWS::SNS::Topic")
    for alarm in alarms(on_aws).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["${" + topic + "}"]


def test_alarms_are_encrypted_with_a_key_that_alarms_may_use(on_aws: Deployed) -> None:
    assert on_aws.properties("AlarmTopic")["KmsMasterKeyId"] == "${AlarmKey}"
    statements = on_aws.properties("AlarmKey")["KeyPolicy"]["Statement"]
    (alarms_may,) = [each for each in statements if "Service" in each["Principal"]]
    assert alarms_may["Principal"]["Service"] == "cloudwatch.amazonaws.com"
    assert set(alarms_may["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}


def test_a_figure_of_ours_is_asked_for_by_stack_in_alarms(on_aws: Deployed) -> None:
    for name, alarm in alarms(on_aws).items():
        if alarm.get("Namespace") == OURS:
            service = {"Name": "service", "Value": "${AWS::StackName}"}
            assert service in alarm["Dimensions"], name


def test_the_dashboard_shows_figures_that_the_code_tells_and_every_alarm(
    on_aws: Deployed,
) -> None:
    body = json.loads(on_aws.properties("Dashboard")["DashboardBody"])
    rows = [
        row
        for widget in body["widgets"]
        for row in widget["properties"].get("metrics", [])
        if isinstance(row[0], str)
    ]
    known = told_figures()
    assert {row[1] for row in rows} <= known
    assert all(row[0] == OURS and row[3] == "${AWS::StackName}" for row in rows)
    (shown,) = [w["properties"]["alarms"] for w in body["widgets"] if w["type"] == "alarm"]
    plain = {name for name in alarms(on_aws) if name != "NothingArchived"}
    assert {arn.removeprefix("${").removesuffix(".Arn}") for arn in shown} == plain

"""The picture of the dashboard shows the figures that were told."""

import json
from typing import Any
from xml.etree import ElementTree as ET

from dashboard.draw import draw
from dashboard.series import Recorded, recorded
from dashboard.widgets import widgets_of
from tests.promises.deployed import deploy

SERVICE = ("service", "${AWS::StackName}")


def line(at: float, name: str, value: float, **dimensions: str) -> dict[str, Any]:
    dimensions = {"service": SERVICE[1], **dimensions}
    described = {"Dimensions": [list(dimensions)], "Metrics": [{"Name": name}]}
    return {
        "_aws": {"Timestamp": at * 1000, "CloudWatchMetrics": [described]},
        **dimensions,
        name: [value],
    }


def told() -> Recorded:
    return recorded(
        [
            line(100, "LinksAtRisk", 3),
            line(110, "Failed", 1, reason="moderation"),
            line(119, "Failed", 2, reason="moderation"),
            line(120, "LinksAtRisk", 7),
        ]
    )


def test_a_gauge_holds_until_it_is_told_anew() -> None:
    gauge = ("LinksAtRisk", frozenset({SERVICE}))
    assert told().cut(gauge, "Maximum", 4) == [3, 3, 3, 7]


def test_a_count_is_added_up_in_its_period() -> None:
    count = ("Failed", frozenset({SERVICE, ("reason", "moderation")}))
    assert told().cut(count, "Sum", 4) == [0, 0, 1, 2]


def test_every_widget_of_the_template_is_drawn_with_its_figures() -> None:
    body = json.loads(deploy(local_engine=True).properties("Dashboard")["DashboardBody"])
    for widget in body["widgets"]:
        for number, _ in enumerate(widget["properties"].get("alarms", [])):
            widget["properties"]["alarms"][number] = f"arn:aws:cloudwatch:::alarm:stack-A{number}-X"
    picture = draw(widgets_of(body, told()))
    texts = [text.text for text in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own
    assert {widget["properties"]["title"] for widget in body["widgets"]} <= set(texts)
    assert "7" in texts
    assert "moderation" in texts
    assert "A0" in texts

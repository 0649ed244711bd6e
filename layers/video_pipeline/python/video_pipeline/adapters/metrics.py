"""Counts for people who watch the pipeline: a line in the log that CloudWatch reads as a metric."""

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit


def count_at_once(name: str, value: int) -> None:
    """Write a count into the log; names are few, and no metric has a dimension per job."""
    with single_metric(name=name, unit=MetricUnit.Count, value=value):
        pass

"""Figures for people who watch: lines in the log that CloudWatch reads as metrics.

The dimension `service` is the stack's name, so that two stacks of one account stay apart.
"""

from aws_lambda_powertools.metrics import EphemeralMetrics

from video_pipeline.domain.figures import Figure


def emit(figure: Figure) -> None:
    metrics = EphemeralMetrics()
    if figure.dimension is not None:
        metrics.add_dimension(*figure.dimension)
    metrics.add_metric(figure.name, figure.unit, figure.value)
    metrics.flush_metrics()

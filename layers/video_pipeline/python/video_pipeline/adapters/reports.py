"""Completion reports in the intake bucket, beside the receipts."""

import csv
import io
import json
from typing import TYPE_CHECKING

from video_pipeline.domain.completion_report import CompletionReport, ReportedJob
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.identity import report_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

THERE_ALREADY = "PreconditionFailed"
RACE = "ConditionalRequestConflict"
RACES = 8
COLUMNS = tuple(ReportedJob.__annotations__)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings that make a spreadsheet run a text, the wide signs of East Asian ones included."""


class S3Reports:
    """The reports port: the first report of each end of a drop stays."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def write_once(self, drop: Drop, report: CompletionReport) -> CompletionReport:
        """Write JSON, then CSV of what lies there as JSON, so that both always say the same."""
        key = report_key(drop.key, drop.id, "json", drop.closings)
        text = json.dumps(report, ensure_ascii=False, indent=1)
        if not self._is_new(drop.bucket, key, text.encode(), "application/json"):
            report = self._read(drop.bucket, key)
        table = as_csv(report).encode("utf-8-sig")  # the mark makes spreadsheets read UTF-8
        self._is_new(
            drop.bucket, report_key(drop.key, drop.id, "csv", drop.closings), table, "text/csv"
        )
        return report

    def _is_new(self, bucket: str, key: str, body: bytes, content_type: str) -> bool:
        """Write an object unless there is one; say whether it was written."""
        for _ in range(RACES):
            try:
                self._client.put_object(
                    Bucket=bucket, Key=key, Body=body, ContentType=content_type, IfNoneMatch="*"
                )
            except self._client.exceptions.ClientError as error:
                code = error.response["Error"]["Code"]
                if code == THERE_ALREADY:
                    return False
                if code != RACE:
                    raise
            else:
                return True
        raise TimeoutError(f"s3://{bucket}/{key} is being written again and again.")

    def _read(self, bucket: str, key: str) -> CompletionReport:
        with self._client.get_object(Bucket=bucket, Key=key)["Body"] as body:
            found: CompletionReport = json.loads(body.read())
        return found


def as_csv(report: CompletionReport) -> str:
    """Return one line per job under a line of names; no text can act as a formula."""
    text = io.StringIO()
    table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(COLUMNS)
    table.writerows([_cell(job[column]) for column in COLUMNS] for job in report["jobs"])  # type: ignore[literal-required]  # the type's own names
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value

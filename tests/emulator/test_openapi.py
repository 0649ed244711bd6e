"""The description of the provider's part, and what a property-based run finds against it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.emulator.harness import KEY, Running

PATHS = {
    "/v1/videos/generations",
    "/v1/tasks/{task_id}",
    "/v1/tasks",
    "/v1/tasks/batch",
    "/v1/credits",
    "/v1/models",
}
CHECKS = ("not_a_server_error", "response_schema_conformance", "content_type_conformance")
MOST_SECONDS = 18


def test_openapi_describes_the_providers_part_and_nothing_else(emulator: Running) -> None:
    document = emulator.get("/openapi.json").json()
    assert set(document["paths"]) == PATHS
    body = document["paths"]["/v1/videos/generations"]["post"]["requestBody"]
    fields = body["content"]["application/json"]["schema"]["properties"]
    assert fields["duration"]["minimum"], fields["duration"]["maximum"] == (4, 15)
    assert fields["quality"]["enum"] == ["480p", "720p"]
    assert (fields["image_urls"]["maxItems"], fields["audio_urls"]["maxItems"]) == (9, 3)
    assert "bearer" in str(document["components"]["securitySchemes"]).lower()


def test_a_property_based_run_finds_no_server_error(emulator: Running, tmp_path: Path) -> None:
    emulator.switch(balance=1_000_000, callbacks=False)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{emulator.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {KEY}", "--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(MOST_SECONDS)),
        *("--max-examples", "40", "--generation-deterministic", "--no-color"),
    ]
    run = subprocess.run(  # noqa: S603 - our own arguments
        command,
        cwd=tmp_path,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert emulator.get("/v1/credits").status_code == 200

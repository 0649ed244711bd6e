"""The command: how it starts, ends, and carries its state over a restart."""

import os
import subprocess
import sys
import time
from pathlib import Path

from provider_emulator.settings import Settings
from tests.emulator.harness import (
    ROOT,
    Json,
    Neighbour,
    Running,
    facing_emulator,
    running_emulator,
    wait_for,
)

FAST = ("--clock-speed", "4000", "--rendering", "clip", "--api-key", "sk-main")


def children_of(process_id: int) -> set[int]:
    folders = Path(f"/proc/{process_id}/task").iterdir()
    return {int(each) for task in folders for each in (task / "children").read_text().split()}


def test_sigterm_in_the_middle_of_drawing_leaves_no_child_behind() -> None:
    with running_emulator(*FAST, "--rendering", "full") as emulator:
        task_id = emulator.created(duration=15)["id"]
        wait_for(lambda: emulator.read(task_id)["status"] == "processing")
        wait_for(lambda: bool(children_of(emulator.process.pid)))
        children = children_of(emulator.process.pid)
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children), 5)


def test_a_killed_emulator_leaves_no_child_behind() -> None:
    with facing_emulator(*FAST, "--rendering", "full") as emulator:
        emulator.created(duration=15)
        wait_for(lambda: bool(children_of(emulator.process.pid)))
        children = children_of(emulator.process.pid)
        emulator.process.kill()
        emulator.process.wait(10)
        wait_for(lambda: not any(_is_alive(child) for child in children), 20)


def _is_alive(process_id: int) -> bool:
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_it_goes_on_when_its_output_is_closed() -> None:
    with running_emulator(*FAST) as emulator:
        assert emulator.process.stdout
        emulator.process.stdout.close()
        assert emulator.finished()["status"] == "completed"
        assert emulator.get("/v1/nowhere").status_code == 404


def test_endless_downloads_do_not_keep_it_from_ending() -> None:
    with running_emulator(*FAST) as emulator:
        link = emulator.finished(duration=4, quality="480p")["results"][0]
        emulator.arm("result", "endless")
        with emulator.client.stream("GET", link) as stream:
            next(stream.iter_raw())
            emulator.process.terminate()
            assert emulator.process.wait(10) == 0


def test_state_survives_a_restart_with_a_data_folder(tmp_path: Path, beside: Neighbour) -> None:
    options = (*FAST, "--data-folder", str(tmp_path), "--allow-local-host", beside.url)
    with running_emulator(*options, "--balance", "100") as first:
        done = first.finished()
        first.switch(pending_seconds=1_000_000)
        waiting = first.created(callback_url=f"{beside.url}/hook-restart")["id"]
        clock = first.get("/_emulator/clock").json()["now"]
    kept = ("--rendering", "clip", "--api-key", "sk-main", "--balance", "500")
    later = (*kept, "--data-folder", str(tmp_path), "--allow-local-host", beside.url)
    with running_emulator(*later) as second:
        again = second.read(done["id"])
        assert again["usage"] == done["usage"]
        suffix = done["results"][0].removeprefix(first.url)
        assert second.client.get(second.url + suffix).status_code == 200
        assert second.credits() == 100 - 27
        assert second.read(waiting)["status"] == "pending"
        assert second.get("/_emulator/clock").json()["now"] >= clock
        second.advance(2_000_000)
        assert second.ended(waiting)["status"] == "completed"
        assert second.callbacks(waiting, 1)[0]["status"] == 200


def test_a_callback_that_was_due_at_the_stop_is_sent_after_the_restart(
    tmp_path: Path, beside: Neighbour
) -> None:
    options = (*FAST, "--data-folder", str(tmp_path), "--allow-local-host", beside.url)
    with running_emulator(*options, "--callback-waits", "60") as first:
        beside.statuses.append(500)
        task_id = first.created(callback_url=f"{beside.url}/hook-due")["id"]
        first.callbacks(task_id, 1)
    with running_emulator(*options) as second:
        assert [each["status"] for each in second.callbacks(task_id, 2)] == [500, 200]


def test_it_can_start_at_any_time_and_speed(tmp_path: Path) -> None:
    options = ("--start-time", "2030-01-01T00:00:00+00:00", "--clock-speed", "0")
    with running_emulator("--data-folder", str(tmp_path / "new"), *options) as emulator:
        clock = emulator.get("/_emulator/clock").json()
        assert clock == {"now": 1893456000.0, "speed": 0.0}
        created = emulator.created(key="sk-emulator")["created"]
        assert created == 1893456000


def run_command(*options: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "local"), "COLUMNS": "100"}
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "provider_emulator", *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_help_explains_every_switch_with_its_source() -> None:
    text = " ".join(run_command("--help").stdout.split())
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in text
        assert field.description
        assert field.description.endswith(")")


def test_a_wrong_option_is_refused_with_its_name() -> None:
    refused = run_command("--pending-seconds", "soon")
    assert refused.returncode == 2
    assert "--pending-seconds" in refused.stderr
    assert run_command("--api-key", "sk-a,colour=red").returncode == 2


def test_settings_are_read_and_changed_while_it_runs(emulator: Running) -> None:
    found: Json = emulator.switch(link_seconds=5, balance=42)
    assert (found["link_seconds"], found["balances"]["default"]) == (5, 42)
    assert emulator.get("/_emulator/settings").json() == found
    for wrong in ({"speed": 1}, {"link_seconds": -1}, {"balance": "much"}, {"error_style": "C"}):
        refused = emulator.request("PUT", "/_emulator/settings", json=wrong)
        assert refused.status_code == 400


def test_the_clock_can_be_moved_and_sped_up(emulator: Running) -> None:
    def move(**fields: float) -> Json:
        found: Json = emulator.request("POST", "/_emulator/clock", json=fields).json()
        return found

    stopped = move(speed=0)
    assert move(advance_seconds=3600)["now"] == stopped["now"] + 3600
    move(speed=1000)
    time.sleep(0.1)
    assert move(speed=0)["now"] >= stopped["now"] + 3600 + 90
    for wrong in ({"advance_seconds": -1}, {"speed": -1}, {"speed": "fast"}, {"warp": 9}):
        refused = emulator.request("POST", "/_emulator/clock", json=wrong)
        assert refused.status_code == 400

"""The emulator's page for people, opened in Debian's Chromium."""

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from tests.emulator.harness import KEY, Running, running_emulator

FAST = ("--clock-speed", "500", "--rendering", "clip", "--api-key", KEY)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


def chromium(url: str, profile: Path, *wishes: str) -> str:
    """Open a page, give its script some time, and return what the browser printed."""
    program = shutil.which("chromium")
    assert program, "the browser tests need Debian's package chromium"
    command = [program, *QUIET, f"--user-data-dir={profile}", "--virtual-time-budget=4000"]
    done = subprocess.run(  # noqa: S603 - found on the path, on loopback
        [*command, *wishes, url], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def busy(running: Running) -> str:
    """Give the page something to show; returns the finished task."""
    running.arm("task", "fail", code="content_policy_violation", match={"prompt": "forbidden"})
    task: str = running.finished("a harbour at dawn")["id"]
    running.finished("a forbidden harbour")
    running.arm("read", "slow", seconds=1, match={"task_id": "never"})
    return task


def test_the_page_shows_tasks_videos_faults_and_the_clock(tmp_path: Path) -> None:
    with running_emulator(*FAST) as running:
        task = busy(running)
        page = chromium(running.url, tmp_path / "profile", "--dump-dom")
    assert "a harbour at dawn" in page
    assert f"/results/{task.rpartition('-')[2]}.mp4" in page
    assert "<video" in page
    assert "content_policy_violation" in page
    assert "slow" in page


@pytest.mark.parametrize("width", [1400, 420])
def test_the_page_is_drawn_in_wide_and_narrow_windows(tmp_path: Path, width: int) -> None:
    shot = tmp_path / "page.png"
    with running_emulator(*FAST) as running:
        busy(running)
        wishes = (f"--window-size={width},900", f"--screenshot={shot}")
        chromium(running.url, tmp_path / "profile", *wishes)
    with Image.open(shot) as picture:
        assert picture.size == (width, 900)
        assert max(ImageStat.Stat(picture.convert("L")).stddev) > 10, "the page is blank"

"""Contract 6: calls go to the checked address, and the certificate is that of the name."""

from pathlib import Path

import pytest

from tests.edges.servers import Certificate
from tests.emulator.harness import neighbour, running_emulator
from tests.media_files import write_png

OPTIONS = ("--clock-speed", "4000", "--rendering", "clip", "--callback-waits")


@pytest.mark.parametrize(("name", "trusted"), [("good.localhost", True), ("bad.localhost", False)])
def test_6_https_is_verified_for_the_host_of_the_url(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    trusted: bool,
) -> None:
    certificate = Certificate.made_for("good.localhost", folder=tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    image = write_png(tmp_path / "image.png", 640, 480)
    with (
        neighbour(certificate.server_side()) as here,
        running_emulator("--allow-local-host", "*.localhost", *OPTIONS) as emulator,
    ):
        base = f"https://{name}:{here.port}"
        here.put_file(image)
        fields = {"callback_url": f"{base}/hook", "key": "sk-emulator"}
        task = emulator.finished(image_urls=[f"{base}/image.png"], **fields)
        (attempt,) = emulator.callbacks(task["id"], 1)
        assert (task["status"] == "completed") is trusted
        assert (attempt.get("status") == 200) is trusted
        assert trusted or "ConnectError" in attempt["error"]

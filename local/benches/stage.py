"""Programs that are held against each other, and the AWS that all of them meet."""

import json
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benches.certificates import server_context, trusting
from benches.places import Built
from benches.runtime_api import Program, RuntimeApi, Spent
from benches.scenes import MANIFEST, Scene
from benches.stand_in import Shelf, StandIn

HANDLERS = Path(__file__).parent / "handlers"
WEB_ROOTS = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
CREDENTIALS = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_SESSION_TOKEN": "bench",
}


@dataclass(frozen=True)
class Stage:
    built: Built
    folder: Path
    certificate: str
    aws: StandIn

    def ours(self, of: Scene) -> Program:
        search = self.built.search(of.function)
        variables = self.built.environment(of.function, self.aws.origin)
        return Program(search, {**variables, **self.meeting_aws(self.roots(of))})

    def beside(self, of: Scene, handler: str, **variables: str) -> Program:
        """Return one of the bench's own handlers, on the layers of a function of ours."""
        search = [HANDLERS, *self.built.layers(of.function)]
        environment = {**variables, **self.meeting_aws(self.roots(of))}
        return Program(search, environment, f"{handler}.handler")

    def roots(self, of: Scene) -> Path:
        bundles = (path / "botocore" / "cacert.pem" for path in self.built.layers(of.function))
        return next(path for path in bundles if path.exists())

    def meeting_aws(self, roots: Path) -> dict[str, str]:
        """Point clients to the stand-in; the roots that they load are as many as in Lambda."""
        place = self.folder / roots.parent.name
        bundle = trusting(roots, self.certificate, place.with_suffix(".pem"))
        web = trusting(Path(WEB_ROOTS), self.certificate, self.folder / "web.pem")
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.aws.origin,
            "AWS_CA_BUNDLE": str(bundle),
            "SSL_CERT_FILE": str(web),
            "REQUESTS_CA_BUNDLE": str(web),
        }

    def spent(self, program: Program, of: Scene, *, events: int = 1) -> Spent:
        """Start a program afresh and let it answer the scene's event so many times.

        Without media, its figure ends where media is asked for.
        """
        api = RuntimeApi(iter([of.event] * events))
        return self._run(api, program, of)

    def answer(self, program: Program, of: Scene) -> Any:  # noqa: ANN401 - any JSON
        """Start a program afresh and return what it answers to the scene's event."""
        api = RuntimeApi(iter([of.event]))
        self._run(api, program, of)
        return json.loads(api.last)

    def _run(self, api: RuntimeApi, program: Program, of: Scene) -> Spent:
        self.aws.shelf, self.aws.manifest = Shelf(of.item), json.dumps(MANIFEST).encode()
        self.aws.on_media = (lambda: None) if self.aws.media else api.note
        return api.run(program, self.folder / "log")


@contextmanager
def stage(built: Built, media: bytes = b"") -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as name:
        tls, certificate = server_context(Path(name))
        with StandIn(tls, media=media) as aws:
            yield Stage(built, Path(name), certificate, aws)

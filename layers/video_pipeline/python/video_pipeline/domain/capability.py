"""The callback's path is its own proof: whoever knows it was told it by us."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

ROUTE = "/callbacks/{job_id}/{attempt}/{key_id}/{proof}"


@dataclass(frozen=True, slots=True)
class Capability:
    """The right to ring for one attempt of one job."""

    job_id: str
    attempt: int
    key_id: str
    proof: str

    @property
    def path(self) -> str:
        return ROUTE.format(
            job_id=self.job_id, attempt=self.attempt, key_id=self.key_id, proof=self.proof
        )


def grant(key: str, job_id: str, attempt: int) -> Capability:
    key_id = key_id_of(key)
    return Capability(job_id, attempt, key_id, _proof(key, job_id, attempt, key_id))


def is_genuine(capability: Capability, keys: Sequence[str]) -> bool:
    """Compare in constant time against each valid key (two while one replaces the other)."""
    genuine = False
    for key in keys:
        expected = _proof(key, capability.job_id, capability.attempt, capability.key_id)
        same_key = hmac.compare_digest(key_id_of(key).encode(), capability.key_id.encode())
        same_proof = hmac.compare_digest(expected.encode(), capability.proof.encode())
        genuine |= same_key and same_proof
    return genuine


def key_id_of(key: str) -> str:
    return hashlib.sha256(b"key id" + key.encode()).hexdigest()[:8]


def _proof(key: str, job_id: str, attempt: int, key_id: str) -> str:
    text = f"{job_id}/{attempt}/{key_id}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

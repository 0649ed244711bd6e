"""What the one paid call can come back with, told apart by what it proves.

Created         a paid task exists and has a name
Refused         a definite no about this job; nothing was charged
AccountRefused  a definite no about the account; nothing was charged, all jobs wait
NotSent         the request provably never left: DNS, connect or TLS failed
Unknown         anything else: a paid task may exist
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Created:
    task_id: str
    reserved: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    status: int
    code: str
    message: str


class AccountTrouble(StrEnum):
    UNAUTHORIZED = "unauthorized"  # 401
    QUOTA = "quota"  # 402
    FORBIDDEN = "forbidden"  # 403, or 403/404 for the model itself ("not yet available")
    RATE_LIMIT = "rate_limit"  # 429


@dataclass(frozen=True, slots=True)
class AccountRefused:
    trouble: AccountTrouble
    status: int
    code: str
    message: str
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    message: str
    status: int | None = None


CreateAnswer = Created | Refused | AccountRefused | NotSent | Unknown

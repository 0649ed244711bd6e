"""What each function is told by its environment, read once and checked by type.

A missing or malformed variable stops the function at its first call, with all names at once.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self, get_type_hints


class ConfigurationError(Exception):
    """The deployment left out or misspelt a variable."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Fields are read from variables of the same name in capitals."""

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> Self:
        """Return the settings; raises ConfigurationError that names each wrong variable."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        hints = get_type_hints(cls)
        for field in fields(cls):
            name = field.name.upper()
            text = variables.get(name)
            if text is None:
                if field.default is MISSING:
                    wrong.append(f"{name} is not set")
                continue
            try:
                values[field.name] = _PARSERS[hints[field.name]](text)
            except ValueError:
                wrong.append(f"{name}={text!r} is no {hints[field.name].__name__}")
        if wrong:
            raise ConfigurationError("; ".join(wrong))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class LedgerEnvironment(Environment):
    table_name: str
    daily_credit_limit: float
    retention_days: int


@dataclass(frozen=True, slots=True)
class ProviderEnvironment(Environment):
    provider_base_url: str
    provider_secret_arn: str
    allowed_local_hosts: frozenset[str]
    create_timeout_seconds: float
    read_timeout_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class RunsEnvironment(Environment):
    state_machine_arn: str


@dataclass(frozen=True, slots=True)
class BusEnvironment(Environment):
    event_bus_name: str


@dataclass(frozen=True, slots=True)
class ManifestsEnvironment(Environment):
    manifests_queue_url: str


@dataclass(frozen=True, slots=True)
class PricesEnvironment(Environment):
    """`price_list` is None where the bundled list holds."""

    price_list: str | None


@dataclass(frozen=True, slots=True)
class CallbackEnvironment(Environment):
    callback_secret_arn: str


@dataclass(frozen=True, slots=True)
class CallEnvironment(Environment):
    callback_base_url: str
    reader_role_arn: str


@dataclass(frozen=True, slots=True)
class PolicyEnvironment(Environment):
    max_attempts: int
    stuck_after_hours: int
    reference_patience_minutes: int


@dataclass(frozen=True, slots=True)
class ArchiveEnvironment(Environment):
    archive_bucket: str
    allowed_local_hosts: frozenset[str]
    storage_class: str


@dataclass(frozen=True, slots=True)
class ReconcileEnvironment(Environment):
    patience_minutes: int
    archive_bucket: str


@dataclass(frozen=True, slots=True)
class GraveyardEnvironment(Environment):
    intake_bucket: str


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def _nonempty(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


_PARSERS: dict[Any, Any] = {
    str: _nonempty,
    str | None: lambda text: text or None,
    int: int,
    float: float,
    frozenset[str]: _words,
}

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any

UC_PER_CREDIT = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """The published price of one model (contract 7.2); money is counted in uc."""

    uc_per_second: Decimal
    minimum_uc: int
    without_video: Mapping[str, Decimal]
    with_video: Mapping[str, Decimal]
    counted_step: Decimal
    relaxed_filter_factor: Decimal

    def charge(
        self, *, quality: str, seconds: int, input_seconds: Decimal | None, content_filter: bool
    ) -> int:
        """Return the charge in uc; the filter's factor comes last (unknown, decided so)."""
        counted = self._counted_seconds(seconds, input_seconds)
        factors = self.without_video if input_seconds is None else self.with_video
        amount = max(
            _half_up(counted * factors[quality] * self.uc_per_second), Decimal(self.minimum_uc)
        )
        return int(amount if content_filter else _half_up(amount * self.relaxed_filter_factor))

    def _counted_seconds(self, seconds: int, input_seconds: Decimal | None) -> Decimal:
        output = Decimal(seconds)
        total = output if input_seconds is None else output + max(input_seconds, output)
        return (total / self.counted_step).to_integral_value(ROUND_CEILING) * self.counted_step


def _half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)


def credits_of(uc: int) -> float:
    return uc / UC_PER_CREDIT


def uc_of(credit_amount: float) -> int:
    return round(credit_amount * UC_PER_CREDIT)


def load_prices() -> dict[str, Price]:
    """Read the newest dated price file."""
    folder = files("provider_emulator") / "prices"
    newest = max((each for each in folder.iterdir() if each.name.endswith(".json")), key=_name)
    book = json.loads(newest.read_text())
    return {model: _price(book, entry) for model, entry in book["models"].items()}


def _name(file: Any) -> str:  # noqa: ANN401 - the traversable type moved between 3.11 and 3.14
    return str(file.name)


def _price(book: dict[str, Any], entry: dict[str, Any]) -> Price:
    return Price(
        uc_per_second=Decimal(entry["uc_per_second"]),
        minimum_uc=entry["minimum_uc"],
        without_video={quality: Decimal(f) for quality, f in entry["without_video"].items()},
        with_video={quality: Decimal(f) for quality, f in entry["with_video"].items()},
        counted_step=Decimal(book["counted_step_seconds"]),
        relaxed_filter_factor=Decimal(book["relaxed_filter_factor"]),
    )

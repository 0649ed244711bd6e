"""Credits are counted in whole units, so that no sum ever drifts."""

UNITS_PER_CREDIT = 10_000  # the provider's smallest unit, "uc" in its published price rules


def to_credits(units: int) -> float:
    return units / UNITS_PER_CREDIT


def to_units(credit_count: float) -> int:
    return round(credit_count * UNITS_PER_CREDIT)

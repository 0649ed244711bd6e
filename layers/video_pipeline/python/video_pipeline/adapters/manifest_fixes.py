"""What exactly to write instead of a value that was not understood."""

from collections.abc import Callable

from video_pipeline.domain.limits import ASPECT_RATIOS, LIMITS, QUALITIES
from video_pipeline.domain.problem import shown

_TRUTH = {
    **dict.fromkeys(("yes", "on", "true", "y", "1"), "true"),
    **dict.fromkeys(("no", "off", "false", "n", "0"), "false"),
}
_RATIO_OF_NUMBER = {
    60 * int(wide) + int(high): f"{wide}:{high}"
    for wide, _, high in (ratio.partition(":") for ratio in ASPECT_RATIOS)
    if high
}
"""What a YAML 1.1 tool makes of a ratio without quotes: 16:9 becomes 16 * 60 + 9."""


def typed_fix(value: object, wanted: str) -> str:
    """Say how to write a value as the type that its field wants."""
    return _WRITERS.get(wanted, _write)(value, wanted)


def _write(_: object, wanted: str) -> str:
    return f"Write {wanted}."


def _write_text(value: object, _: str) -> str:
    if isinstance(value, list | dict):
        return "Write one text in quotes."
    return f'Write it in quotes: "{shown(value)}".'


def _write_list(value: object, _: str) -> str:
    return f"Write [{shown(value)}]." if isinstance(value, str) else "Write a list: [ … ]."


def _write_truth(value: object, _: str) -> str:
    word = _TRUTH.get(str(value).strip().casefold())
    return f"Write {word}, without quotes." if word else "Write true or false, without quotes."


def _write_whole_number(value: object, wanted: str) -> str:
    try:
        number = None if isinstance(value, bool) else int(float(str(value).strip()))
    except (ValueError, OverflowError):
        number = None
    if number is None or abs(number) > LIMITS["duration"].most:
        return f"Write {wanted}, such as 5, without quotes."
    return f"Write {number}, without quotes, fraction or leading zeros."


_WRITERS: dict[str, Callable[[object, str], str]] = {
    "text": _write_text,
    "a list": _write_list,
    "true or false": _write_truth,
    "a whole number": _write_whole_number,
}


def choice_fix(field: str, value: object) -> str:
    """Say which of the choices was probably meant."""
    text = str(value).strip().casefold()
    if field == "quality":
        return _quality(text)
    if isinstance(value, int) and value in _RATIO_OF_NUMBER:
        ratio = _RATIO_OF_NUMBER[value]
        return f'Write "{ratio}" in quotes: a YAML 1.1 tool read it as a number of base 60.'
    plain = text.replace(" ", "").replace("x", ":").replace("/", ":")
    return f'Write "{plain}".' if plain in ASPECT_RATIOS else 'Write "16:9" or another of these.'


def _quality(text: str) -> str:
    if text.startswith("1080"):
        return "Write 720p: the provider announces 1080p as coming soon and refuses it until then."
    plain = text.removesuffix("p") + "p"
    return f'Write "{plain}".' if plain in QUALITIES else 'Write "720p" or "480p".'

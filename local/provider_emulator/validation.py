import json
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from provider_emulator.addresses import Gate, RefusedAddressError, UnknownHostError
from provider_emulator.contract import MODEL, CreateRequest
from provider_emulator.errors import ApiError
from provider_emulator.settings import Settings
from provider_emulator.tasks import Order

MEDIA = ("image_urls", "video_urls", "audio_urls")
WHOLE_NUMBERS = TypeAdapter(int)
BOOLEANS = TypeAdapter(bool)
SHOWN_CHARACTERS = 80


def parse_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object, or refuse: also what JSON libraries take and text cannot hold."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The request body is not valid JSON.") from error
    if not isinstance(document, dict):
        raise ApiError(400, "The request body must be a JSON object.")
    return document


async def read_order(body: dict[str, Any], settings: Settings, gate: Gate) -> Order:
    """Turn a create body into an order; what does not need the media's bytes is refused here."""
    known = _normalised(body, settings)
    _check_model(known.get("model"), settings)
    try:
        request = CreateRequest.model_validate(known)
    except ValidationError as error:
        _refuse(error)
    _check_fields(request, settings)
    _check_media_links(request)
    if request.callback_url is not None:
        await _check_callback(request.callback_url, gate)
    return _order(request, settings)


def broken_order(body: dict[str, Any]) -> Order:
    """Return what can be kept of a refused request, for a task that is to fail later."""
    texts = {name: body[name] for name in ("model", "prompt") if isinstance(body.get(name), str)}
    return Order.model_validate({"model": MODEL, "prompt": ""} | texts)


def _order(request: CreateRequest, settings: Settings) -> Order:
    fields = request.model_dump(include=set(Order.model_fields))
    fields["aspect_ratio"] = request.aspect_ratio or settings.default_aspect_ratio
    return Order.model_validate(fields)


def _normalised(body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    fields = body if settings.refuse_null else {k: v for k, v in body.items() if v is not None}
    duration = fields.get("duration")
    if isinstance(duration, float) and duration.is_integer():
        fields = fields | {"duration": int(duration)}
    return _unquoted(fields) if settings.lenient_numbers else fields


def _unquoted(fields: dict[str, Any]) -> dict[str, Any]:
    changed = dict(fields)
    for name, adapter in (
        ("duration", WHOLE_NUMBERS),
        ("generate_audio", BOOLEANS),
        ("content_filter", BOOLEANS),
    ):
        if isinstance(fields.get(name), str):
            try:
                changed[name] = adapter.validate_python(fields[name])
            except ValidationError:
                changed[name] = fields[name]
    return changed


def _check_model(model: object, settings: Settings) -> None:
    if not isinstance(model, str):
        return
    if model != MODEL and settings.error_style == "B":
        raise ApiError(404, f"The model {_shown(model)} does not exist.", param="model")
    if model != MODEL or not settings.model_available:
        raise ApiError(403, f"This API key has no access to the model {_shown(model)}.")


def _check_fields(request: CreateRequest, settings: Settings) -> None:
    if not request.prompt.strip():
        raise ApiError(400, "`prompt` must not be empty.", param="prompt")
    tokens = estimated_tokens(request.prompt)
    limit = settings.prompt_token_limit
    if limit and tokens > limit:
        message = f"`prompt` has about {tokens} tokens; at most {limit} are allowed."
        raise ApiError(400, message, param="prompt")
    unknown = sorted(request.model_extra or {})
    if unknown and settings.refuse_unknown_fields:
        message = f"`{_shown(unknown[0])}` is not a field of this model."
        raise ApiError(400, message, param=unknown[0])
    if request.audio_urls and not (request.image_urls or request.video_urls):
        message = (
            "`audio_urls` cannot be the only media; add at least 1 image (`image_urls`)"
            " or 1 video (`video_urls`)."
        )
        raise ApiError(400, message, param="audio_urls")
    if settings.require_media and not (request.image_urls or request.video_urls):
        message = "At least 1 image (`image_urls`) or 1 video (`video_urls`) is required."
        raise ApiError(400, message, param="image_urls")


def estimated_tokens(prompt: str) -> int:
    """Count a token per character beyond ASCII and per four within; the real rule is unknown."""
    ascii_characters = sum(character.isascii() for character in prompt)
    return len(prompt) - ascii_characters + (ascii_characters + 3) // 4


def _check_media_links(request: CreateRequest) -> None:
    for name in MEDIA:
        for number, url in enumerate(getattr(request, name), 1):
            if url.lower().startswith("data:"):
                message = f"`{name}` item {number} is Base64 data; give a URL instead."
                raise ApiError(400, message, param=name)
            if not url.lower().startswith(("https://", "http://")):
                message = f"`{name}` item {number} is not a URL: {_shown(url)}"
                raise ApiError(400, message, param=name)


async def _check_callback(url: str, gate: Gate) -> None:
    """Refuse a callback URL now (contract 6; whether the provider does is unknown)."""
    try:
        await gate.resolve(url)
    except UnknownHostError:
        return
    except RefusedAddressError as error:
        message = f"`callback_url` is refused: {error}."
        raise ApiError(400, message, param="callback_url") from error


def _refuse(error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "missing":
        raise ApiError(400, f"`{name}` is required.", param=name) from error
    item = f" item {first['loc'][1] + 1}" if len(first["loc"]) > 1 else ""  # type: ignore[operator]  # an index
    given = "" if isinstance(first["input"], list) else f" (given: {_shown(first['input'])})"
    raise ApiError(400, f"`{name}`{item}: {first['msg']}{given}.", param=name) from error


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")

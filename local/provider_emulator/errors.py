from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Style = Literal["A", "B"]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one HTTP error is spelled in both body styles (contract 5.1 and 5.2)."""

    code: str
    type_a: str
    type_b: str
    hint: str | None = None


KINDS = {
    400: Kind("invalid_request", "invalid_request_error", "invalid_request_error"),
    401: Kind("unauthorized", "authentication_error", "authentication_error"),
    402: Kind(
        "insufficient_quota",
        "insufficient_quota",
        "insufficient_quota_error",
        "Top up the account: https://evolink.ai/dashboard/billing",
    ),
    403: Kind("model_access_denied", "invalid_request_error", "permission_error"),
    404: Kind("not_found", "invalid_request_error", "not_found_error", "Use another model."),
    405: Kind("method_not_allowed", "invalid_request_error", "invalid_request_error"),
    409: Kind("idempotency_conflict", "invalid_request_error", "invalid_request_error"),
    413: Kind("request_too_large", "invalid_request_error", "request_too_large_error"),
    429: Kind(
        "rate_limit_exceeded", "rate_limit_error", "rate_limit_error", "Retry after 60 seconds."
    ),
    500: Kind("internal_error", "api_error", "internal_server_error"),
    502: Kind("upstream_error", "api_error", "upstream_error"),
    503: Kind(
        "service_unavailable", "api_error", "service_unavailable_error", "Retry after 30 seconds."
    ),
}
_OTHER = Kind("internal_error", "api_error", "api_error")


@dataclass(slots=True)
class ApiError(Exception):
    """When a request is refused; the fields become the error body of the chosen style."""

    status: int
    message: str
    code: str | None = None
    type: str | None = None
    param: str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, style: Style) -> dict[str, Any]:
        kind = KINDS.get(self.status, _OTHER)
        error: dict[str, Any] = {"message": self.message}
        if style == "A":
            error["code"] = self.code or kind.code
            error["type"] = self.type or kind.type_a
        else:
            error["code"] = self.status
            error["type"] = kind.type_b
            if kind.hint:
                error["fallback_suggestion"] = kind.hint
        if self.param:
            error["param"] = self.param
        return {"error": error | dict(self.figures)}

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from provider_emulator.accounts import Key
from provider_emulator.creation import refuse_by_state
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError

BEARER = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer sk-…`")


def running_emulator(request: Request) -> Emulator:
    emulator: Emulator = request.app.state.emulator
    return emulator


Running = Annotated[Emulator, Depends(running_emulator)]


def calling_key(
    emulator: Running, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
) -> Key:
    """Find the key of a call; whoever has none is nobody (contract 1)."""
    key = emulator.accounts.keys.get(bearer.credentials) if bearer else None
    if key is None:
        raise ApiError(401, "Invalid or missing API key; send it as `Authorization: Bearer`.")
    refuse_by_state(key, ("disabled", "expired", "user_disabled"))
    return key


Caller = Annotated[Key, Depends(calling_key)]

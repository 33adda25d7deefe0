"""The client of the endpoint that judges and repairs programs."""

from collections.abc import Callable

from server.config import EndpointSettings
from server.endpoint.address import Address, FixedLocator, Locator
from server.endpoint.client import GRACE_S, ConnectionState, EndpointClient
from server.endpoint.embedded import EmbeddedLocator
from server.endpoint.errors import (
    BadAnswerError,
    BusyError,
    EndpointError,
    EndpointTimeoutError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
)


def open_endpoint(
    settings: EndpointSettings,
    *,
    on_state: Callable[[ConnectionState], None] | None = None,
    grace_s: float = GRACE_S,
) -> EndpointClient:
    """Return a client, to be used as an async context manager.

    The local endpoint, where the settings name no other, is started by the first request. For
    the other parameters see `EndpointClient`.
    """
    locator: Locator = FixedLocator(settings) if settings.url else EmbeddedLocator()
    return EndpointClient(locator, on_state=on_state, grace_s=grace_s)


__all__ = [
    "GRACE_S",
    "Address",
    "BadAnswerError",
    "BusyError",
    "ConnectionState",
    "EmbeddedLocator",
    "EndpointClient",
    "EndpointError",
    "EndpointTimeoutError",
    "FixedLocator",
    "Locator",
    "RejectedError",
    "UnauthorizedError",
    "UnreachableError",
    "open_endpoint",
]

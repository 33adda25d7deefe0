"""Where the endpoint is."""

from typing import Protocol

import httpx
from pydantic import BaseModel, ConfigDict, Field

from server.config import EndpointSettings


class Address(BaseModel):
    """A URL and the headers that open it."""

    model_config = ConfigDict(frozen=True)

    url: str
    headers: dict[str, str] = Field(default_factory=dict, repr=False)


class Locator(Protocol):
    """Finds the endpoint, and finds it again when it has gone."""

    async def address(self) -> Address:
        """Return where the endpoint is, starting it where that is this locator's way."""

    async def revive(self, gone: Address) -> Address | None:
        """Return where the endpoint is now that `gone` does not answer; `None` gives up."""

    async def stop(self) -> None:
        """End the endpoint where it is this locator's to start."""


class FixedLocator:
    """An endpoint that somebody else runs."""

    def __init__(self, settings: EndpointSettings) -> None:
        assert settings.url is not None
        headers = {}
        if settings.token:
            headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"
        if settings.modal_key:
            headers["Modal-Key"] = settings.modal_key.get_secret_value()
        if settings.modal_secret:
            headers["Modal-Secret"] = settings.modal_secret.get_secret_value()
        self._address = Address(url=str(httpx.URL(settings.url)).rstrip("/"), headers=headers)

    async def address(self) -> Address:
        """Return the address."""
        return self._address

    async def revive(self, gone: Address) -> Address | None:
        """Return `None`: nothing here can restart it."""
        return None

    async def stop(self) -> None:
        """Do nothing: who runs it, ends it."""

"""The session's connection to the endpoint, and what the user is told of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lsprotocol import types

from reference.protocol import EndpointState, Problem, ProblemSummary, RepairReport, RepairRequest
from server.config import ConfigError, EndpointSettings, endpoint_settings
from server.endpoint import (
    ConnectionState,
    EndpointClient,
    EndpointError,
    RejectedError,
    open_endpoint,
)
from server.lsp.background import on_thread
from server.lsp.session import Session

Answer = TypeVar("Answer")

STATUS = "wpc/status"  # to clients that say they know it


class Connection:
    """Asks the endpoint, and tells the user once when it stops answering and when it is back.

    Every request may raise `EndpointError`; by then the user has been told.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client: EndpointClient | None = None
        self._problems: list[ProblemSummary] | None = None
        self._fetching = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._told: str | None = None
        self._down = False

    @property
    def state(self) -> ConnectionState:
        """How the endpoint is doing, as far as is known."""
        return self._client.state if self._client else ConnectionState.STARTING

    async def repair(self, request: RepairRequest) -> RepairReport:
        """Have a program judged and repaired."""
        return await self._ask(lambda client: client.repair(request))

    async def problems(self, *, again: bool = False) -> list[ProblemSummary]:
        """Return the endpoint's problems; they are fetched once, or `again`."""
        async with self._fetching:
            if self._problems is None or again:
                self._problems = await self._ask(lambda client: client.problems())
            return self._problems

    async def problem(self, id: str) -> Problem:
        """Return a problem's statement and samples."""
        return await self._ask(lambda client: client.problem(id))

    async def describe(self) -> str:
        """Say in a line how the endpoint is."""
        health = await self._ask(lambda client: client.health())
        texts = self._session.configuration.texts()
        ready = health.state is EndpointState.READY
        return texts.endpoint_status.format(
            version=health.version,
            state=texts.endpoint_is_ready if ready else texts.endpoint_is_starting,
            device=health.device,
            problems=health.problems,
            model=texts.model.format(model=health.model) if health.model else texts.no_model,
            sandbox=texts.sandbox.format(sandbox=health.sandbox)
            if health.sandbox
            else texts.no_sandbox,
        )

    async def restart(self) -> None:
        """End the endpoint, if it is on this machine; the next request starts it anew."""
        try:
            old = await self._opened()
            await old.stop()
            self._client = await self._new_client()
        except EndpointError as error:
            self._failed(error)
            raise
        await old.__aexit__(None, None, None)
        self._problems = None
        self._told = None
        self._down = False

    def forget(self) -> None:
        """Ask for the problems anew when they are next needed: the endpoint may have others."""
        self._problems = None

    async def close(self) -> None:
        """Close the connection."""
        client, self._client = self._client, None
        if client:
            await client.__aexit__(None, None, None)

    async def _ask(self, request: Callable[[EndpointClient], Awaitable[Answer]]) -> Answer:
        client = None
        try:
            client = await self._opened()
            answer = await request(client)
        except EndpointError as error:
            if client and self._client not in (None, client):  # it was restarted meanwhile
                return await self._ask(request)
            self._failed(error)
            raise
        if self._down:
            back = self._session.configuration.texts().endpoint_back
            self._session.tell(types.MessageType.Info, f"WPC: {back}")
        self._told, self._down = None, False
        return answer

    async def _opened(self) -> EndpointClient:
        async with self._opening:
            if self._client is None:
                self._client = await self._new_client()
            return self._client

    async def _new_client(self) -> EndpointClient:
        settings = await on_thread(self._settings)  # a keyring may ask the user
        return open_endpoint(settings, on_state=self._entered)

    def _settings(self) -> EndpointSettings:
        # Only the user's own options may name the endpoint: a workspace's settings, which come by
        # workspace/configuration, could send the user's code anywhere.
        endpoint = self._session.initialization_options.get("endpoint")
        try:
            return endpoint_settings(str(endpoint) if endpoint else None)
        except ConfigError as error:
            raise EndpointError(error.text) from None

    def _entered(self, state: ConnectionState) -> None:
        self._session.log(types.MessageType.Info, f"The endpoint is {state.value}.")
        if self._session.client.status:
            self._session.protocol.notify(STATUS, {"endpoint": state.value})

    def _failed(self, error: EndpointError) -> None:
        self._session.log(types.MessageType.Error, str(error))
        refused = isinstance(error, RejectedError)
        trouble = str(error) if refused else type(error).__name__
        self._down = self._down or not refused
        if trouble != self._told:
            self._told = trouble
            text = error.text(self._session.configuration.texts())
            self._session.tell(types.MessageType.Error, f"WPC: {text}")

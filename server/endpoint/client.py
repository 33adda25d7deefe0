"""Requests to the endpoint."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from reference.protocol import Health, Problem, ProblemSummary, RepairReport, RepairRequest
from server import __version__
from server.endpoint.address import Address, Locator
from server.endpoint.errors import (
    BadAnswerError,
    BusyError,
    EndpointError,
    EndpointTimeoutError,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
)

CONNECT_TIMEOUT_S = 5.0
COLD_START_S = 60.0  # an endpoint that sleeps when unused keeps a request waiting until it is up
GRACE_S = 30.0  # on top of the time budget: a queue, the network, a cold start
PATIENCE_S = 90.0  # with an endpoint that is starting or full
RESTART_S = 30.0  # with one that has gone: it may be restarted
FIRST_CONTACT_S = 3.0  # with an address that never answered: it may be wrong
MOST_BROKEN_ANSWERS = 3  # to one request; an endpoint that is killed leaves one
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024

Answer = TypeVar("Answer")


class ConnectionState(str, Enum):
    """How the endpoint is doing, as far as this client knows."""

    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"


class EndpointClient:
    """Speaks to one endpoint. Use it as an async context manager.

    What is still asked when it is closed ends with `UnreachableError`.

    A request that did not reach the endpoint, that was turned away for now (429, or 503 while
    starting) or whose connection broke is sent again with growing pauses: repairing a program
    changes nothing, so to ask twice is safe. A request that timed out is not sent again, and one
    whose answers break off only a few times.

    Parameters
    ----------
    on_state
        Called whenever the state changes.
    grace_s
        Seconds on top of a request's time budget before it has timed out.
    patience_s
        Seconds for which a request is sent again.
    """

    def __init__(
        self,
        locator: Locator,
        *,
        on_state: Callable[[ConnectionState], None] | None = None,
        grace_s: float = GRACE_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.state = ConnectionState.STARTING
        self._locator = locator
        self._on_state = on_state
        self._grace_s = grace_s
        self._patience_s = patience_s
        self._met = False
        # No proxy for this machine: it would learn the token, and could not reach it anyway.
        self._http = httpx.AsyncClient(
            headers={"User-Agent": f"wpc-lsp/{__version__}"},
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=16),
            follow_redirects=False,
            mounts={f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")},
        )

    async def __aenter__(self) -> "EndpointClient":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._on_state = None
        await self._http.aclose()

    async def repair(self, request: RepairRequest) -> RepairReport:
        """Have a program judged and repaired.

        Raises
        ------
        EndpointError
            One of its kinds; the text says what a person can do.
        """
        return await self._ask(
            "POST",
            "/v1/repair",
            TypeAdapter(RepairReport),
            request.options.time_budget_s + self._grace_s,
            request.model_dump_json(),
        )

    async def health(self) -> Health:
        """Ask how the endpoint is; raises as `repair` does."""
        return await self._ask("GET", "/v1/health", TypeAdapter(Health), COLD_START_S)

    async def problems(self) -> list[ProblemSummary]:
        """Ask which problems the endpoint knows; raises as `repair` does."""
        return await self._ask(
            "GET", "/v1/problems", TypeAdapter(list[ProblemSummary]), COLD_START_S
        )

    async def problem(self, id: str) -> Problem:
        """Ask for a problem's title, statement, samples and limits; raises as `repair` does."""
        path = f"/v1/problems/{quote(id, safe='')}"
        return await self._ask("GET", path, TypeAdapter(Problem), COLD_START_S)

    async def stop(self) -> None:
        """End the endpoint where it can be started anew, which the next request then does.

        Raises
        ------
        UnreachableError
            Where it does not end.
        """
        await self._locator.stop()
        self._met = False
        self._enter(ConnectionState.STARTING)

    async def _ask(
        self,
        method: str,
        path: str,
        adapter: TypeAdapter[Answer],
        timeout_s: float,
        body: str | None = None,
    ) -> Answer:
        begun = time.monotonic()
        pause = FIRST_PAUSE_S
        revived = False
        broken = 0
        try:
            address = await self._locator.address()
            while True:
                try:
                    content = await self._send(address, method, path, timeout_s, body)
                    break
                except _TryAgainError as again:
                    wait = pause if again.after_s is None else again.after_s
                    pause = min(2 * pause, LONGEST_PAUSE_S)
                    self._enter(again.state)
                    broken += isinstance(again.error, BadAnswerError)
                    if broken == MOST_BROKEN_ANSWERS:
                        raise again.error from None
                    gone = again.state is ConnectionState.UNREACHABLE
                    if gone and not revived and (found := await self._locator.revive(address)):
                        address, revived = found, True
                        continue
                    patience = self._patience_s
                    if gone:
                        patience = min(patience, RESTART_S if self._met else FIRST_CONTACT_S)
                    if (gone and revived) or time.monotonic() + wait > begun + patience:
                        raise again.error from None
                    await asyncio.sleep(wait)
            answer = adapter.validate_json(content)
        except ValidationError:
            raise BadAnswerError(
                lambda texts: texts.endpoint_other_version.format(
                    url=address.url, version=__version__
                )
            ) from None
        except UnauthorizedError:
            self._enter(ConnectionState.UNAUTHORIZED)
            raise
        except (UnreachableError, EndpointTimeoutError):
            self._enter(ConnectionState.UNREACHABLE)
            raise
        self._met = True
        self._enter(ConnectionState.READY)
        return answer

    async def _send(
        self, address: Address, method: str, path: str, timeout_s: float, body: str | None
    ) -> bytes:
        if self._http.is_closed:
            raise UnreachableError(
                lambda texts: texts.endpoint_unreachable.format(url=address.url, reason="closed")
            )
        headers = address.headers | ({"Content-Type": "application/json"} if body else {})
        try:
            return await asyncio.wait_for(
                self._exchange(address, method, path, headers, body), timeout_s
            )
        except asyncio.TimeoutError:
            raise EndpointTimeoutError(
                lambda texts: texts.endpoint_timeout.format(
                    url=address.url, seconds=f"{timeout_s:.0f}"
                )
            ) from None
        except (httpx.TransportError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise _TryAgainError(
                UnreachableError(
                    lambda texts: texts.endpoint_unreachable.format(url=address.url, reason=reason)
                ),
                ConnectionState.UNREACHABLE,
            ) from None
        except httpx.DecodingError:
            raise BadAnswerError(
                lambda texts: texts.endpoint_garbage.format(url=address.url)
            ) from None

    async def _exchange(
        self, address: Address, method: str, path: str, headers: dict[str, str], body: str | None
    ) -> bytes:
        async with self._http.stream(
            method,
            address.url + path,
            headers=headers,
            content=body,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT_S),
        ) as response:
            content = bytearray()
            try:
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > MAX_ANSWER_BYTES:
                        raise BadAnswerError(
                            lambda texts: texts.endpoint_too_much.format(url=address.url)
                        )
            except httpx.TransportError:
                raise _TryAgainError(
                    BadAnswerError(lambda texts: texts.endpoint_breaks_off.format(url=address.url)),
                    ConnectionState.UNREACHABLE,
                ) from None
        if response.status_code != 200:
            raise _error(address, response, bytes(content))
        return bytes(content)

    def _enter(self, state: ConnectionState) -> None:
        if state is not self.state:
            self.state = state
            if self._on_state:
                self._on_state(state)


class _TryAgainError(Exception):
    """A failure that may pass; `error` is what to raise if it does not."""

    def __init__(
        self, error: EndpointError, state: ConnectionState, after_s: float | None = None
    ) -> None:
        super().__init__()
        self.error = error
        self.state = state
        self.after_s = after_s


def _error(address: Address, response: httpx.Response, content: bytes) -> Exception:
    url, status = address.url, response.status_code
    code, message = _reason(content)
    if status in (401, 403):
        return UnauthorizedError(
            lambda texts: texts.endpoint_refuses.format(url=url, status=status)
        )
    if status == 429:
        return _TryAgainError(
            BusyError(lambda texts: texts.endpoint_busy.format(url=url)),
            ConnectionState.BUSY,
            _retry_after(response),
        )
    if status == 503:
        return _TryAgainError(
            BusyError(lambda texts: texts.endpoint_still_starting.format(url=url)),
            ConnectionState.STARTING,
            _retry_after(response),
        )
    if code and 400 <= status < 500:
        return RejectedError(message, code)
    if status >= 500:
        return BadAnswerError(
            lambda texts: texts.endpoint_failed.format(
                url=url, status=status, message=message
            ).strip()
        )
    return BadAnswerError(lambda texts: texts.endpoint_status_code.format(url=url, status=status))


def _reason(content: bytes) -> tuple[str, str]:
    try:
        error: Any = httpx.Response(200, content=content).json()["error"]
        return str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return "", ""


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return min(max(float(response.headers["Retry-After"]), 0.0), 60.0)
    except (KeyError, ValueError):
        return None

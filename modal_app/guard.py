"""Decides who may ask: host, origin, token, size; and sees that every request is answered."""

import logging
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modal_app.errors import Refusal, internal
from modal_app.faults import log_fault

MAX_BODY_BYTES = 256 * 1024

log = logging.getLogger("wpc.endpoint")


class Guard:
    """ASGI middleware around the whole application.

    Parameters
    ----------
    token
        What `Authorization: Bearer …` must carry; None where someone in front (Modal's proxy)
        has already asked.
    hosts
        Names that the `Host` header may carry, which stops DNS rebinding; then a request with
        an `Origin` is refused as well, for no web page is a client. None allows any.
    """

    def __init__(self, app: ASGIApp, *, token: str | None, hosts: Collection[str] | None) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            headers = Headers(scope=scope)
            self._admit(headers)
            body = await _read_body(headers, receive)
            await self._app(scope, _replay(body, receive), observed_send)
        except Refusal as refusal:
            await refusal.response()(scope, receive, observed_send)
        except Exception as fault:
            log_fault(fault)
            if status:  # too late for another answer: let the server drop the connection
                raise ConnectionAbortedError from None
            await internal().response()(scope, receive, observed_send)
        if status >= 400:
            log.info("%s %s %d", scope["method"], _route(scope), status)

    def _admit(self, headers: Headers) -> None:
        if self._hosts is not None:
            if _host_name(headers.get("host", "")) not in self._hosts:
                raise Refusal(403, "forbidden_host", "This endpoint is not served at that host.")
            if "origin" in headers:
                raise Refusal(403, "forbidden_origin", "Web pages may not use this endpoint.")
        if self._token is not None:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            right = secrets.compare_digest(given.strip().encode(), self._token.encode())
            if scheme.lower() != "bearer" or not right:
                raise Refusal(
                    401,
                    "unauthorized",
                    "Send the endpoint's token as `Authorization: Bearer TOKEN`.",
                    {"WWW-Authenticate": "Bearer"},
                )


async def _read_body(headers: Headers, receive: Receive) -> bytes:
    too_large = Refusal(
        413,
        "body_too_large",
        f"The request is larger than {MAX_BODY_BYTES // 1024} KiB. "
        "Send a shorter program, or fewer and smaller tests; or give the problem to the endpoint "
        "once, as `wpc-engine serve --problems` does.",
        {"Connection": "close"},
    )
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":  # the client left half-way
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _route(scope: Scope) -> str:
    # The template, not the path: a path may hold anything.
    return getattr(scope.get("route"), "path", "-")

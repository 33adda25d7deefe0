"""Turns plain methods into the whole gRPC service that Modal's client expects."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

import grpclib
import grpclib.server
from google.protobuf.message import Message
from modal_proto.api_grpc import ModalClientBase

Reply: TypeAlias = Message | Iterable[Message]
Rpc = Callable[["Handlers", "grpclib.server.Stream[Message, Message]"], Awaitable[None]]


class Handlers:
    """Base of the handlers: a method of an RPC's name takes its request and returns its reply.

    An RPC without a method is answered UNIMPLEMENTED and listed in `unhandled`, so that a client
    of another version that needs one more is noticed by name.
    """

    def __init__(self) -> None:
        self.called: list[str] = []
        self.unhandled: list[str] = []


def _rpc(name: str, handler: Callable[[Handlers, Message], Reply] | None) -> Rpc:
    async def rpc(self: Handlers, stream: "grpclib.server.Stream[Message, Message]") -> None:
        request = await stream.recv_message()
        assert request is not None
        self.called.append(name)
        if handler is None:
            self.unhandled.append(name)
            raise grpclib.GRPCError(grpclib.Status.UNIMPLEMENTED, f"the stand-in has no {name}")
        reply = handler(self, request)
        for message in [reply] if isinstance(reply, Message) else reply:
            await stream.send_message(message)

    return rpc


def service(handlers: type[Handlers]) -> type[Any]:
    """Return `handlers` as a class that grpclib can serve."""
    names = ModalClientBase.__abstractmethods__
    methods = {name: _rpc(name, getattr(handlers, name, None)) for name in names}
    return type(handlers.__name__, (handlers, ModalClientBase), methods)

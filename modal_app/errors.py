"""The one form of an error answer, a status and `{"error": {"code", "message"}}`; and some."""

from collections.abc import Mapping

from starlette.responses import JSONResponse

from reference.errors import EngineError


class Refusal(Exception):  # noqa: N818  (an answer, not a fault)
    """A request that is answered with an error.

    Parameters
    ----------
    status
        HTTP status, 400 or more.
    code
        A stable word for programs.
    message
        What a person can do. Never holds the request's code, nor a token.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def response(self) -> JSONResponse:
        """Return the answer to send."""
        return JSONResponse(
            {"error": {"code": self.code, "message": self.message}}, self.status, self.headers
        )


class EngineFailedError(EngineError):
    """The engine met a fault of ours, in a process of its own that has logged it or has ended."""

    code = "internal"

    def __init__(self) -> None:
        super().__init__("The engine failed on this program. The endpoint's log says where.")


def starting() -> Refusal:
    """Return the answer while the engine loads."""
    return Refusal(
        503,
        "starting",
        "The engine is still loading. Try again in a moment.",
        {"Retry-After": "1"},
    )


def busy(retry_after_s: int) -> Refusal:
    """Return the answer when as many requests wait as may wait."""
    return Refusal(
        429,
        "busy",
        f"Too many programs are waiting for a repair. Try again in {retry_after_s} s.",
        {"Retry-After": str(retry_after_s)},
    )


def internal() -> Refusal:
    """Return the answer to a request that met a fault of ours."""
    return Refusal(
        500, "internal", "The endpoint failed on this request. Its log says where; try again."
    )

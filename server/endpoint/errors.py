"""What can go wrong with an endpoint; each message says what a person can do."""

from server.errors import UserError


class EndpointError(UserError):
    """An endpoint gave no usable answer."""


class UnreachableError(EndpointError):
    """No connection, or it broke."""


class UnauthorizedError(EndpointError):
    """The endpoint wants other credentials."""


class BusyError(EndpointError):
    """The endpoint is full, or still starting, and stayed so."""


class EndpointTimeoutError(EndpointError):
    """No answer within the time budget and its grace."""


class BadAnswerError(EndpointError):
    """What answered does not speak the protocol."""


class RejectedError(EndpointError):
    """The endpoint refuses this request, and would again.

    Parameters
    ----------
    message
        The endpoint's own words, which are English.
    code
        The endpoint's name of the error, such as `unknown_problem`.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(lambda texts: texts.endpoint_rejects.format(message=message))
        self.code = code

from enum import Enum

from reference.protocol.base import WireModel


class EndpointState(str, Enum):
    """Whether the endpoint can repair programs yet."""

    STARTING = "starting"
    READY = "ready"


class Health(WireModel):
    """`GET /v1/health`.

    `digest` is another one whenever the engine may answer otherwise: see `EngineInfo`.
    """

    state: EndpointState
    version: str
    digest: str = ""
    model: str | None = None
    device: str = "cpu"
    sandbox: str | None = None
    problems: int = 0

"""What the endpoint and its engine processes say to each other, as JSON on a socket of theirs."""

from collections.abc import Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter

from reference.errors import EngineError
from reference.model.exploration import Answer
from reference.model.repair_model import Calibration
from reference.protocol import RepairReport, RepairRequest
from reference.protocol.base import WireModel


class RemoteModel(WireModel):
    """A language model of the endpoint's, as far as its engine processes have it themselves.

    `tokenizer` is its JSON. The network stays where it is.
    """

    name: str
    device: str
    calibration: Calibration | None
    tokenizer: str


class Setup(WireModel):
    """What an engine is made of; the first message to a process.

    Parameters
    ----------
    folders
        Of problems, beside the catalog.
    judges, first_judge
        Programs that it may run at a time, and the number of the first of these workers.
    digest
        Of the engine.
    """

    kind: Literal["setup"] = "setup"
    folders: tuple[Path, ...]
    judges: int
    first_judge: int
    digest: str
    model: RemoteModel | None


class Ready(WireModel):
    """The answer to `Setup`."""

    kind: Literal["ready"] = "ready"


class Repair(WireModel):
    """A request; answered by `Report`, `Refused` or `Failed`, after any number of questions."""

    kind: Literal["repair"] = "repair"
    request: RepairRequest


class Cancel(WireModel):
    """Nobody waits for the repair any more; it is answered all the same."""

    kind: Literal["cancel"] = "cancel"


class Report(WireModel):
    """What came of a repair."""

    kind: Literal["report"] = "report"
    report: RepairReport


class Refused(WireModel):
    """An error of the engine's, by its code and its attributes."""

    kind: Literal["refused"] = "refused"
    code: str
    attributes: dict[str, str | tuple[str, ...]]

    @classmethod
    def of(cls, error: EngineError) -> "Refused":
        """Return the message for an error."""
        return cls(code=error.code, attributes=vars(error))

    def error(self) -> EngineError:
        """Return an error like the one that the message was made of."""
        kinds: Iterable[type[EngineError]] = (EngineError, *EngineError.__subclasses__())
        kind = next(kind for kind in kinds if kind.code == self.code)
        error = kind.__new__(kind)
        EngineError.__init__(error, str(self.attributes["message"]))
        vars(error).update(self.attributes)
        return error


class Failed(WireModel):
    """The engine met a fault of ours, which the process has logged."""

    kind: Literal["failed"] = "failed"


class SearchQuestion(WireModel):
    """Asks the model for programs: see `reference.model.decoding.Search.search`."""

    kind: Literal["search"] = "search"
    prompt: tuple[int, ...]
    draft: tuple[int, ...]
    width: int
    deadline: float


class LikelihoodQuestion(WireModel):
    """Asks how likely an answer is: see `reference.model.decoding.Search.likelihood`."""

    kind: Literal["likelihood"] = "likelihood"
    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class SearchAnswer(WireModel):
    """What the search found, likeliest first."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    kind: Literal["searched"] = "searched"
    answers: tuple[Answer, ...]


class LikelihoodAnswer(WireModel):
    """The natural logarithm of an answer's probability."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    kind: Literal["likely"] = "likely"
    log_probability: float


class NoAnswer(WireModel):
    """The model has failed, and so has the repair."""

    kind: Literal["no answer"] = "no answer"


Question: TypeAlias = SearchQuestion | LikelihoodQuestion
Reply: TypeAlias = SearchAnswer | LikelihoodAnswer | NoAnswer
ToProcess: TypeAlias = Setup | Repair | Cancel | Reply
FromProcess: TypeAlias = Ready | Report | Refused | Failed | Question

_to_process: TypeAdapter[ToProcess] = TypeAdapter(Annotated[ToProcess, Field(discriminator="kind")])
_from_process: TypeAdapter[FromProcess] = TypeAdapter(
    Annotated[FromProcess, Field(discriminator="kind")]
)


def send(connection: "Connection[Any, Any]", message: ToProcess | FromProcess) -> None:
    """Send a message; raises `OSError` if nobody is there."""
    connection.send_bytes(message.model_dump_json().encode())


def receive_in_process(connection: "Connection[Any, Any]") -> ToProcess:
    """Return what the endpoint says; raises `EOFError` or `OSError` once it is gone."""
    return _to_process.validate_json(connection.recv_bytes())


def receive_from_process(connection: "Connection[Any, Any]") -> FromProcess:
    """Return what a process says; raises `EOFError` or `OSError` once it is gone."""
    return _from_process.validate_json(connection.recv_bytes())

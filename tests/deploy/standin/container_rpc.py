"""The control plane's side of a running container: it hands out inputs and takes outputs."""

from collections.abc import Iterable
from pathlib import Path

from google.protobuf.empty_pb2 import Empty
from modal_proto import api_pb2 as pb

from .rpc import Handlers


class ContainerHandlers(Handlers):
    """The RPCs of a container.

    `log_at_checkpoint` is what the container had written when it asked for its snapshot, or None
    if it never asked.
    """

    def __init__(self) -> None:
        super().__init__()
        self.prepare(Path(), [], {})

    def prepare(
        self,
        log: Path,
        inputs: Iterable[pb.FunctionGetInputsItem],
        bodies: dict[str, pb.DataChunk],
    ) -> None:
        """Make ready for one container: what it will be asked, and where it writes its log."""
        self.log = log
        self.log_at_checkpoint: str | None = None
        self.inputs = list(inputs)
        self.bodies = bodies
        self.answers: dict[str, list[pb.DataChunk]] = {}
        self.outputs: list[pb.FunctionPutOutputsItem] = []
        self.task_result: pb.GenericResult | None = None

    # Names of RPCs are Modal's.
    def ContainerHello(self, _: Empty) -> Empty:  # noqa: N802
        return Empty()

    def ContainerHeartbeat(  # noqa: N802
        self, _: pb.ContainerHeartbeatRequest
    ) -> pb.ContainerHeartbeatResponse:
        return pb.ContainerHeartbeatResponse()

    def ContainerCheckpoint(self, _: pb.ContainerCheckpointRequest) -> Empty:  # noqa: N802
        self.log_at_checkpoint = self.log.read_text()
        return Empty()

    def FunctionGetDynamicConcurrency(  # noqa: N802
        self, request: pb.FunctionGetDynamicConcurrencyRequest
    ) -> pb.FunctionGetDynamicConcurrencyResponse:
        return pb.FunctionGetDynamicConcurrencyResponse(concurrency=request.target_concurrency)

    def FunctionGetInputs(  # noqa: N802
        self, _: pb.FunctionGetInputsRequest
    ) -> pb.FunctionGetInputsResponse:
        ending = pb.FunctionGetInputsItem(kill_switch=True)
        item = self.inputs.pop(0) if self.inputs else ending
        return pb.FunctionGetInputsResponse(inputs=[item])

    def FunctionCallGetDataIn(  # noqa: N802
        self, request: pb.FunctionCallGetDataRequest
    ) -> Iterable[pb.DataChunk]:
        chunk = self.bodies[request.function_call_id]
        return [chunk] if chunk.index > request.last_index else []

    def FunctionCallPutDataOut(  # noqa: N802
        self, request: pb.FunctionCallPutDataRequest
    ) -> Empty:
        self.answers.setdefault(request.function_call_id, []).extend(request.data_chunks)
        return Empty()

    def FunctionPutOutputs(self, request: pb.FunctionPutOutputsRequest) -> Empty:  # noqa: N802
        self.outputs.extend(request.outputs)
        return Empty()

    def TaskResult(self, request: pb.TaskResultRequest) -> Empty:  # noqa: N802
        self.task_result = request.result
        return Empty()

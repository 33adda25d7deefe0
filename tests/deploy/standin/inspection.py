"""The control plane's side of the commands that look at a deployment."""

from collections.abc import Iterable

import grpclib
from google.protobuf.empty_pb2 import Empty
from modal_proto import api_pb2 as pb

from .deployment import DeploymentHandlers, data_of, handle_of

LOG_LINE = "open: sandbox bubblewrap, 57 problems\n"


class InspectionHandlers(DeploymentHandlers):
    """The RPCs of `modal app info`, `modal app logs`, and of looking a class up.

    `refusal` is raised by every RPC here while it is set, such as an account without credits.
    """

    refusal: grpclib.GRPCError | None = None

    def _deployed(self, name: str) -> pb.AppPublishRequest:
        if self.refusal is not None:
            raise self.refusal
        if self.layout is None or self.layout.name != name:
            raise grpclib.GRPCError(grpclib.Status.NOT_FOUND, f"App {name!r} not found")
        return self.layout

    # Names of RPCs are Modal's.
    def ClassGet(self, request: pb.ClassGetRequest) -> pb.ClassGetResponse:  # noqa: N802
        published = self._deployed(request.app_name)
        return pb.ClassGetResponse(
            class_id=published.class_ids[request.object_tag],
            handle_metadata=pb.ClassHandleMetadata(),
        )

    def FunctionGet(self, request: pb.FunctionGetRequest) -> pb.FunctionGetResponse:  # noqa: N802
        published = self._deployed(request.app_name)
        function_id = published.function_ids[request.object_tag]
        definition = self.functions[function_id]
        return pb.FunctionGetResponse(
            function_id=function_id,
            handle_metadata=handle_of(definition),
            function=data_of(definition),
        )

    def AppGetInfo(self, _: pb.AppGetInfoRequest) -> pb.AppGetInfoResponse:  # noqa: N802
        published = self._deployed("wpc")
        lifecycle = pb.AppLifecycle(app_state=pb.APP_STATE_DEPLOYED, version=1)
        info = pb.AppHandleMetadata(description=published.name, lifecycle=lifecycle)
        info.functions.update(published.function_ids)
        return pb.AppGetInfoResponse(info=info)

    def AppFetchLogs(self, _: pb.AppFetchLogsRequest) -> pb.AppFetchLogsResponse:  # noqa: N802
        self._deployed("wpc")
        line = pb.TaskLogs(data=LOG_LINE, timestamp=1.0, file_descriptor=pb.FILE_DESCRIPTOR_STDERR)
        return pb.AppFetchLogsResponse(batches=[pb.TaskLogsBatch(task_id="ta-1", items=[line])])

    def ObjectSuggest(self, _: Empty) -> Iterable[pb.ObjectSuggestResponse]:  # noqa: N802
        return [pb.ObjectSuggestResponse()]

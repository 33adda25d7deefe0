"""Runs a deployed class under Modal's real container entry point."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modal._serialization import _serialize_asgi, deserialize_data_format, serialize
from modal_proto import api_pb2 as pb

from .control_plane import ControlPlane
from .deployment import DeployedClass

CONTAINER_TIMEOUT_S = 180
CREDENTIALS = ("MODAL_TOKEN_ID", "MODAL_TOKEN_SECRET")


@dataclass(frozen=True)
class HttpRequest:
    """A request as Modal's web proxy hands it to a container."""

    method: str
    path: str
    body: Any = None
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HttpReply:
    """What the application answered; status 0 if it did not."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """Return the body."""
        return json.loads(self.content)


@dataclass(frozen=True)
class ContainerRun:
    """What one container did, from its start to its end.

    `log_at_checkpoint` is its log up to the snapshot, or None if there was none.
    """

    exit_code: int
    log: str
    log_at_checkpoint: str | None
    replies: list[HttpReply]
    failures: list[str]


def run_container(
    plane: ControlPlane,
    deployed: DeployedClass,
    requests: Sequence[HttpRequest],
    *,
    root: Path,
    snapshot: bool,
    environment: Mapping[str, str] | None = None,
) -> ContainerRun:
    """Start a container, send it `requests` at once through the ASGI bridge, and end it.

    With `snapshot` it runs its hooks up to the snapshot, asks for it, goes on as if restored, and
    runs the other hooks. The snapshot itself is the work of Modal's hosts and not done here.
    """
    definition = pb.Function()
    definition.CopyFrom(deployed.function)
    definition.is_checkpointing_function = snapshot and definition.checkpointing_enabled
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        arguments = Path(folder, "arguments")
        arguments.write_bytes(_arguments(plane, deployed, definition).SerializeToString())
        restored = Path(folder, "restored.json")
        restored.write_text("{}")
        plane.handlers.prepare(
            log,
            [_input(number, request) for number, request in enumerate(requests)],
            {_call(number): _body(request) for number, request in enumerate(requests)},
        )
        base = {k: v for k, v in plane.environment().items() if k not in CREDENTIALS}
        with log.open("w") as output:
            process = subprocess.run(
                [sys.executable, "-u", "-m", "modal._container_entrypoint"],
                cwd=folder,
                env=base
                | {
                    "MODAL_CONTAINER_ARGUMENTS_PATH": str(arguments),
                    "MODAL_TASK_ID": "ta-1",
                    "MODAL_IS_REMOTE": "1",
                    "MODAL_RESTORE_STATE_PATH": str(restored),
                    "MODAL_ENABLE_SNAP_RESTORE": str(int(definition.is_checkpointing_function)),
                    "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]),
                }
                | dict(environment or {}),
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=CONTAINER_TIMEOUT_S,
            )
        handlers = plane.handlers
        failures = [o.result.exception for o in handlers.outputs if o.result.exception]
        if handlers.task_result is not None and handlers.task_result.exception:
            failures.append(handlers.task_result.exception)
        return ContainerRun(
            exit_code=process.returncode,
            log=log.read_text(),
            log_at_checkpoint=handlers.log_at_checkpoint,
            replies=[_reply(handlers.answers.get(_call(n), [])) for n in range(len(requests))],
            failures=failures,
        )


def _arguments(
    plane: ControlPlane, deployed: DeployedClass, definition: pb.Function
) -> pb.ContainerArguments:
    layout = plane.handlers.app_layout()
    for dependency in {d.object_id for d in definition.object_dependencies}:
        layout.objects.add(object_id=dependency)
    return pb.ContainerArguments(
        task_id="ta-1",
        function_id=deployed.function_id,
        app_id="ap-1",
        function_def=definition,
        environment_name="main",
        checkpoint_id="ch-1",
        app_layout=layout,
        serialized_params=serialize(((), {})),
    )


def _call(number: int) -> str:
    return f"fc-{number}"


def _input(number: int, request: HttpRequest) -> pb.FunctionGetInputsItem:
    headers = {"content-type": "application/json", "host": "school--wpc.modal.run"}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "https",
        "method": request.method,
        "path": request.path,
        "query_string": request.query.encode(),
        "client": ("203.0.113.7", 443),
        "headers": [(k.encode(), v.encode()) for k, v in (headers | request.headers).items()],
    }
    return pb.FunctionGetInputsItem(
        input_id=f"in-{number}",
        function_call_id=_call(number),
        input=pb.FunctionInput(
            args=serialize(((scope,), {})), data_format=pb.DATA_FORMAT_PICKLE, method_name="web"
        ),
    )


def _body(request: HttpRequest) -> pb.DataChunk:
    content = b"" if request.body is None else json.dumps(request.body).encode()
    message = {"type": "http.request", "body": content, "more_body": False}
    return pb.DataChunk(
        data_format=pb.DATA_FORMAT_ASGI,
        index=1,
        data=_serialize_asgi(message).SerializeToString(deterministic=True),
    )


def _reply(chunks: Sequence[pb.DataChunk]) -> HttpReply:
    status, headers, content = 0, {}, b""
    for chunk in chunks:
        if chunk.data_format != pb.DATA_FORMAT_ASGI:
            continue
        message = deserialize_data_format(chunk.data, chunk.data_format, None)
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            content += message.get("body", b"")
    return HttpReply(status, headers, content)

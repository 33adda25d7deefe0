"""The control plane's side of `modal deploy`: it grants everything, and keeps what was asked."""

import time
from dataclasses import dataclass

from google.protobuf.empty_pb2 import Empty
from modal_proto import api_pb2 as pb

from .rpc import Handlers

IMAGE_BUILDER = "2025.06"
UNSIGNED_TOKEN = "e30.eyJleHAiOjQxMDI0NDQ4MDB9.x"  # expires in the year 2100


@dataclass(frozen=True)
class DeployedClass:
    """What a deployment asked for one class.

    Parameters
    ----------
    function
        The definition of the class's containers, as Modal would keep it.
    layers
        Dockerfile commands of the image's layers, the base first.
    files
        Paths in the image of all files that were added to it.
    volumes
        Name and whether it is read-only, by mount path.
    """

    function_id: str
    function: pb.Function
    layers: list[list[str]]
    files: list[str]
    volumes: dict[str, tuple[str, bool]]


def handle_of(definition: pb.Function | pb.FunctionPrecreateRequest) -> pb.FunctionHandleMetadata:
    """Return what the client is told of a function, which follows from what it sent."""
    metadata = pb.FunctionHandleMetadata(
        function_name=definition.function_name,
        function_type=definition.function_type,
        supported_input_formats=definition.supported_input_formats,
        supported_output_formats=definition.supported_output_formats,
    )
    for name, method in definition.method_definitions.items():
        web_url = f"https://school--wpc-{name}.modal.run" if method.webhook_config.type else ""
        metadata.method_handle_metadata[name].CopyFrom(
            pb.FunctionHandleMetadata(
                function_name=method.function_name,
                function_type=method.function_type,
                is_method=True,
                use_method_name=name,
                web_url=web_url,
                supported_input_formats=method.supported_input_formats,
                supported_output_formats=method.supported_output_formats,
            )
        )
    return metadata


def data_of(definition: pb.Function) -> pb.FunctionData:
    """Return a definition in the form that is given back, which allows for several GPUs."""
    data = pb.FunctionData(
        module_name=definition.module_name, function_name=definition.function_name
    )
    data.ranked_functions.add(rank=0, function=definition)
    return data


class DeploymentHandlers(Handlers):
    """The RPCs of a deployment."""

    def __init__(self) -> None:
        super().__init__()
        self.images: dict[str, pb.Image] = {}
        self.mounts: dict[str, list[str]] = {}
        self.volumes: dict[str, str] = {}
        self.functions: dict[str, pb.Function] = {}
        self.layout: pb.AppPublishRequest | None = None
        self._count = 0

    def deployed_class(self, name: str) -> DeployedClass:
        """Return what was asked for the class `name`."""
        ids = [i for i, f in self.functions.items() if f.function_name == f"{name}.*"]
        assert len(ids) == 1, f"{len(ids)} functions for the class {name}"
        function = self.functions[ids[0]]
        images = self._chain(function.image_id)
        mounts = [image.context_mount_id for image in images if image.context_mount_id]
        return DeployedClass(
            function_id=ids[0],
            function=function,
            layers=[list(image.dockerfile_commands) for image in images],
            files=[file for mount in (*mounts, *function.mount_ids) for file in self.mounts[mount]],
            volumes={
                mount.mount_path: (self.volumes[mount.volume_id], mount.read_only)
                for mount in function.volume_mounts
            },
        )

    def app_layout(self) -> pb.AppLayout:
        """Return the published objects of the app."""
        assert self.layout is not None
        layout = pb.AppLayout(
            function_ids=self.layout.function_ids, class_ids=self.layout.class_ids
        )
        for function_id in self.layout.function_ids.values():
            handle = handle_of(self.functions[function_id])
            layout.objects.add(object_id=function_id, function_handle_metadata=handle)
        for class_id in self.layout.class_ids.values():
            layout.objects.add(object_id=class_id, class_handle_metadata=pb.ClassHandleMetadata())
        return layout

    def _chain(self, image_id: str) -> list[pb.Image]:
        image = self.images[image_id]
        return [*(i for b in image.base_images for i in self._chain(b.image_id)), image]

    def _new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}-{self._count:04d}"

    # Names of RPCs are Modal's.
    def ClientHello(self, _: Empty) -> pb.ClientHelloResponse:  # noqa: N802
        return pb.ClientHelloResponse(image_builder_version=IMAGE_BUILDER)

    def AuthTokenGet(self, _: pb.AuthTokenGetRequest) -> pb.AuthTokenGetResponse:  # noqa: N802
        return pb.AuthTokenGetResponse(token=UNSIGNED_TOKEN)

    def EnvironmentGetOrCreate(  # noqa: N802
        self, request: pb.EnvironmentGetOrCreateRequest
    ) -> pb.EnvironmentGetOrCreateResponse:
        settings = pb.EnvironmentSettings(image_builder_version=IMAGE_BUILDER)
        return pb.EnvironmentGetOrCreateResponse(
            environment_id=self._new("en"),
            metadata=pb.EnvironmentMetadata(
                name=request.deployment_name or "main", settings=settings
            ),
        )

    def AppGetByDeploymentName(  # noqa: N802
        self, request: pb.AppGetByDeploymentNameRequest
    ) -> pb.AppGetByDeploymentNameResponse:
        if self.layout is None or self.layout.name != request.name:
            return pb.AppGetByDeploymentNameResponse(environment_name="main")
        return pb.AppGetByDeploymentNameResponse(app_id=self.layout.app_id, environment_name="main")

    def AppGetLayout(self, _: pb.AppGetLayoutRequest) -> pb.AppGetLayoutResponse:  # noqa: N802
        return pb.AppGetLayoutResponse(app_layout=self.app_layout())

    def AppCreate(self, _: pb.AppCreateRequest) -> pb.AppCreateResponse:  # noqa: N802
        return pb.AppCreateResponse(app_id=self._new("ap"), app_page_url="https://modal.test/wpc")

    def AppHeartbeat(self, _: pb.AppHeartbeatRequest) -> Empty:  # noqa: N802
        return Empty()

    def AppClientDisconnect(self, _: pb.AppClientDisconnectRequest) -> Empty:  # noqa: N802
        return Empty()

    def AppPublish(self, request: pb.AppPublishRequest) -> pb.AppPublishResponse:  # noqa: N802
        self.layout = request
        return pb.AppPublishResponse(url="https://modal.test/wpc", deployed_at=time.time())

    def MountBatchedCheckExistence(  # noqa: N802
        self, _: pb.MountBatchedCheckExistenceRequest
    ) -> pb.MountBatchedCheckExistenceResponse:
        return pb.MountBatchedCheckExistenceResponse()  # everything is there: nothing to upload

    def MountGetOrCreate(  # noqa: N802
        self, request: pb.MountGetOrCreateRequest
    ) -> pb.MountGetOrCreateResponse:
        mount_id = self._new("mo")
        self.mounts[mount_id] = [file.filename for file in request.files]
        checksum = pb.MountHandleMetadata(content_checksum_sha256_hex="0" * 64)
        return pb.MountGetOrCreateResponse(mount_id=mount_id, handle_metadata=checksum)

    def ImageGetOrCreate(  # noqa: N802
        self, request: pb.ImageGetOrCreateRequest
    ) -> pb.ImageGetOrCreateResponse:
        image_id = self._new("im")
        self.images[image_id] = request.image
        return pb.ImageGetOrCreateResponse(
            image_id=image_id,
            result=pb.GenericResult(status=pb.GenericResult.GENERIC_STATUS_SUCCESS),
            metadata=pb.ImageMetadata(image_builder_version=IMAGE_BUILDER),
        )

    def VolumeGetOrCreate(  # noqa: N802
        self, request: pb.VolumeGetOrCreateRequest
    ) -> pb.VolumeGetOrCreateResponse:
        volume_id = self._new("vo")
        self.volumes[volume_id] = request.deployment_name
        metadata = pb.VolumeMetadata(version=request.version, name=request.deployment_name)
        return pb.VolumeGetOrCreateResponse(volume_id=volume_id, metadata=metadata)

    def FunctionPrecreate(  # noqa: N802
        self, request: pb.FunctionPrecreateRequest
    ) -> pb.FunctionPrecreateResponse:
        function_id = request.existing_function_id or self._new("fu")
        return pb.FunctionPrecreateResponse(
            function_id=function_id, handle_metadata=handle_of(request)
        )

    def FunctionCreate(  # noqa: N802
        self, request: pb.FunctionCreateRequest
    ) -> pb.FunctionCreateResponse:
        function_id = request.existing_function_id or self._new("fu")
        self.functions[function_id] = request.function
        return pb.FunctionCreateResponse(
            function_id=function_id,
            function=request.function,
            function_data=data_of(request.function),
            handle_metadata=handle_of(request.function),
        )

    def ClassCreate(self, _: pb.ClassCreateRequest) -> pb.ClassCreateResponse:  # noqa: N802
        return pb.ClassCreateResponse(
            class_id=self._new("cs"), handle_metadata=pb.ClassHandleMetadata()
        )

"""A stand-in for Modal's control plane on loopback, so that a deployment is proven offline."""

from .container import ContainerRun, HttpReply, HttpRequest, run_container
from .control_plane import ControlPlane
from .deployment import DeployedClass

__all__ = [
    "ContainerRun",
    "ControlPlane",
    "DeployedClass",
    "HttpReply",
    "HttpRequest",
    "run_container",
]

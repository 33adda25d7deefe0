"""Repair from accepted programs: move over only what matters from the nearest ones."""

from reference.propose.peers.functions import propose_assemblies
from reference.propose.peers.index import PeerIndex, PeerIndexes
from reference.propose.peers.mix import propose_mixes
from reference.propose.peers.propose import Graft, propose_grafts
from reference.propose.peers.splice import propose_splices
from reference.propose.peers.transplant import propose_transplants

__all__ = [
    "Graft",
    "PeerIndex",
    "PeerIndexes",
    "propose_assemblies",
    "propose_grafts",
    "propose_mixes",
    "propose_splices",
    "propose_transplants",
]

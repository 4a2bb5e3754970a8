"""Who may talk to whom in one render."""

from dataclasses import dataclass
from typing import Literal

NodeKind = Literal["internet", "entry", "service", "database", "job", "anyone", "outside"]
EdgeKind = Literal["public", "allowed", "open"]


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One box: a workload, what lets the internet in, or a place outside."""

    id: str
    kind: NodeKind
    label: str


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One arrow; `open` is one that no policy restricts. `label` holds the ports or hosts."""

    source: str
    target: str
    kind: EdgeKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Connections:
    """The map of one target, sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

"""Groups of layers: models used as layers, known by names such as ``vgg16/conv1``.

The part before the last slash of a layer's name is its group, as in Keras; further calls of a model, whose layers end
in ``@2`` or ``(2)``, form a group of their own. So a group needs no place in files: giving layers such names makes one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.graph import Graph, Node

#: Layers that make a group; a single one needs no frame.
FEWEST = 2
_PATH = re.compile(r"(?P<group>[^/].*)/(?P<own>[^/]+?)(?:@(?P<at>\d+)| \((?P<call>\d+)\))?", re.DOTALL)


@dataclass(frozen=True)
class Group:
    """Layers that belong together.

    Attributes:
        name: as people read it, with the names of outer groups in front.
        nodes: ids of its layers, those of inner groups included.
        height: how many groups lie inside each other in it, itself included.
        inner: names of the groups in it.
    """

    name: str
    nodes: tuple[str, ...]
    height: int = 1
    inner: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name without those of outer groups."""
        return self.name.rpartition("/")[2]


def own_name(node: Node) -> str:
    """A node's name within its group."""
    return node.name.rpartition("/")[2] if _PATH.fullmatch(node.name) else node.name


def groups_of(graph: Graph) -> tuple[Group, ...]:
    """The groups of a network, outer ones before inner ones."""
    members: dict[tuple[str, str], list[str]] = {}
    for key, node in graph.nodes.items():
        match = _PATH.fullmatch(node.name)
        parts = match["group"].split("/") if match else []
        call = (match["at"] or match["call"] or "") if match else ""
        for depth in range(1, len(parts) + 1):
            members.setdefault(("/".join(parts[:depth]), call), []).append(key)
    paths = sorted((path for path, keys in members.items() if len(keys) >= FEWEST), key=lambda p: (p[0].count("/"), p))
    found = []
    for path, call in paths:
        inner = [other for other, number in paths if number == call and other.startswith(path + "/")]
        height = 1 + max((other.count("/") - path.count("/") for other in inner), default=0)
        nodes, names = tuple(members[path, call]), tuple(_called(other, call) for other in inner)
        found.append(Group(_called(path, call), nodes, height, names))
    return tuple(found)


def _called(path: str, call: str) -> str:
    return f"{path} ({call})" if call else path

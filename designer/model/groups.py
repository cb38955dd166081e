"""Groups of layers: models used as layers, known by names such as ``vgg16/conv1``.

The part before the last slash of a layer's name is its group, as in Keras; further calls of a model, whose layers end
in ``@2`` or ``(2)``, form a group of their own. So a group needs no place in files: giving layers such names makes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from engine.graph import Graph, Node

#: Layers that make a group; a single one needs no frame.
FEWEST = 2
#: Groups inside each other that are told apart; layers deeper down belong to the innermost of these.
DEEPEST = 8
_PATH = re.compile(r"(?P<group>[^/].*)/(?P<own>[^/]+?)(?:@(?P<at>\d+)| \((?P<call>\d+)\))?", re.DOTALL)
#: Names from the outermost group on, and which call of a model it is.
Path = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Layers that belong together.

    Attributes:
        name: as people read it, with the names of outer groups in front.
        nodes: ids of its layers, those of inner groups included.
        height: how many groups lie inside each other in it, itself included.
        inner: names of the groups directly in it.
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
    members: dict[Path, list[str]] = {}
    for key, node in graph.nodes.items():
        for path in paths_of(node.name):
            members.setdefault(path, []).append(key)
    paths = sorted((path for path, keys in members.items() if len(keys) >= FEWEST), key=lambda p: (p[0].count("/"), p))
    heights: dict[Path, int] = dict.fromkeys(paths, 1)
    inner: dict[Path, list[str]] = {path: [] for path in paths}
    for path in reversed(paths):
        outer = path[0].rpartition("/")[0], path[1]
        if outer in heights:
            heights[outer] = max(heights[outer], heights[path] + 1)
            inner[outer].append(_called(path))
    return tuple(
        Group(_called(path), tuple(members[path]), heights[path], tuple(reversed(inner[path]))) for path in paths
    )


def paths_of(name: str) -> Iterator[Path]:
    """The groups a layer with this name is in, the outermost first."""
    match = _PATH.fullmatch(name)
    if match:
        parts = match["group"].split("/", DEEPEST)[:DEEPEST]
        for path in accumulate(parts, "{}/{}".format):
            yield path, match["at"] or match["call"] or ""


def _called(path: Path) -> str:
    name, call = path
    return f"{name} ({call})" if call else name

"""What differs between two projects, by ids and values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.graph import Edge, Graph, Node
from engine.project import Project


@dataclass(frozen=True)
class Diff:
    """What an edit, an undo or a redo did.

    Attributes:
        added, removed: ids of nodes.
        changed: nodes with another declaration or label, trained or sharing weights otherwise.
        moved: nodes at another place.
        edges_added, edges_removed: wires.
        reordered: the same nodes or wires in another order (it decides port order and input order).
        training, split, source, targets: that part of the project is another one.
        sketch: notes, bookmarks or folded groups are others.
        dataset: other data were loaded.
        learnt: something else was learnt, so other nodes are untrained.
        rates: it became known how fast this machine is.
        everything: another project was opened; whoever shows something shows it anew.
    """

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    edges_added: tuple[Edge, ...] = ()
    edges_removed: tuple[Edge, ...] = ()
    reordered: bool = False
    training: bool = False
    split: bool = False
    source: bool = False
    targets: bool = False
    sketch: bool = False
    dataset: bool = False
    learnt: bool = False
    rates: bool = False
    everything: bool = False

    @property
    def graph(self) -> bool:
        """Whether the network is another one, places and labels included."""
        return bool(self.moved) or self.structure or bool(self.changed)

    @property
    def structure(self) -> bool:
        """Whether nodes or wires came, went or changed order."""
        return bool(self.added or self.removed or self.edges_added or self.edges_removed or self.reordered)

    @property
    def only_placed(self) -> bool:
        """Whether nothing but places, notes and bookmarks is other: what is computed stays as it is."""
        return self == Diff(moved=self.moved, sketch=self.sketch)

    @property
    def touched(self) -> frozenset[str]:
        """Nodes that came or changed, in their places or their wires too."""
        wires = (*self.edges_added, *self.edges_removed)
        return self.added | self.changed | self.moved | {key for edge in wires for key in (edge.source, edge.target)}


def difference(before: Project, after: Project) -> Diff:
    """Compare two projects."""
    return replace(
        _graph_difference(before.graph, after.graph),
        training=before.training != after.training,
        split=before.split != after.split,
        source=before.source != after.source,
        targets=before.inputs != after.inputs or before.targets != after.targets,
        sketch=before.sketch != after.sketch,
    )


def _graph_difference(before: Graph, after: Graph) -> Diff:
    if before is after:
        return Diff()
    old, new = before.nodes, after.nodes
    # Untouched nodes are the same objects in both graphs, so identity spares most comparisons.
    kept = [key for key in new if key in old and new[key] is not old[key]]
    changed = {key for key in kept if _differ(old[key], new[key])}
    # An owner of shared weights shows that it is one.
    touched = changed | (old.keys() ^ new.keys())
    owners = {nodes[k].shares for nodes in (old, new) for k in touched & nodes.keys()}
    changed |= owners & old.keys() & new.keys()
    moved = {k for k in kept if new[k].position != old[k].position}
    gone, come = apart(before.edges, after.edges)
    old_edges, new_edges = set(gone), set(come)
    same_nodes = [k for k in new if k in old] == [k for k in old if k in new]
    same_edges = [e for e in come if e in old_edges] == [e for e in gone if e in new_edges]
    return Diff(
        added=frozenset(new.keys() - old.keys()),
        removed=frozenset(old.keys() - new.keys()),
        changed=frozenset(changed),
        moved=frozenset(moved),
        edges_added=tuple(e for e in come if e not in old_edges),
        edges_removed=tuple(e for e in gone if e not in new_edges),
        reordered=not (same_nodes and same_edges),
    )


def _differ(old: Node, new: Node) -> bool:
    """Whether nodes differ in more than their places."""
    same = (old.label, old.trainable, old.shares) == (new.label, new.trainable, new.shares)
    return not same or (old.layer is not new.layer and old.layer != new.layer)


def apart(old: tuple[Edge, ...], new: tuple[Edge, ...]) -> tuple[tuple[Edge, ...], tuple[Edge, ...]]:
    """Two sequences of wires without the ends they have in common."""
    if old is new:
        return (), ()
    start = _common(old, new)
    old, new = old[start:], new[start:]
    end = _common(old[::-1], new[::-1])
    return old[: len(old) - end], new[: len(new) - end]


def _common(old: tuple[Edge, ...], new: tuple[Edge, ...]) -> int:
    """How many wires from the first on are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a is not b and a != b), min(len(old), len(new)))

"""Random edits of a network, and a look whether a scene shows what a new one would."""

from __future__ import annotations

import random

from PySide6.QtCore import QPointF

from designer.canvas.scene import CanvasScene
from designer.model.document import Document
from designer.model.selection import Selection
from engine.errors import GraphError, LayerloomError
from engine.graph import Edge, Graph, Node
from engine.registry import layers

#: Kinds that fit each other often, and some that seldom fit.
KINDS = ("Input", "Dense", "Dense", "Flatten", "Conv2D", "Add", "Concatenate", "Dropout", "LSTM", "Reshape")


def some_edit(graph: Graph, chance: random.Random) -> Graph:
    """A network after one edit; the same one where the edit is refused."""
    keys = list(graph.nodes)
    edits = (_added, _connected, _connected, _without, _disconnected, _moved, _changed, _renamed, _shared, _frozen)
    try:
        return chance.choice(edits)(graph, keys, chance) if keys else _added(graph, keys, chance)
    except LayerloomError:
        return graph


def _added(graph: Graph, _keys: list[str], chance: random.Random) -> Graph:
    cls = layers.get(chance.choice(KINDS))
    layer = cls(**chance.choice(cls.examples).parameters) if cls.examples else cls()
    place = (260.0 * chance.randrange(4), 110.0 * chance.randrange(8))
    return graph.add(Node(graph.fresh_id(layer), layer, place))  # type: ignore[arg-type]


def _connected(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    source, target = chance.choice(keys), chance.choice(keys)
    outputs, inputs = graph.nodes[source].layer.outputs, graph.nodes[target].layer.inputs
    if not outputs or not inputs or source == target:
        return graph
    return graph.connect(Edge(source, target, chance.choice(outputs).name, chance.choice(inputs).name))


def _without(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    return graph.without(chance.sample(keys, min(len(keys), chance.choice((1, 1, 3)))))


def _disconnected(graph: Graph, _keys: list[str], chance: random.Random) -> Graph:
    return graph.disconnected([chance.choice(graph.edges)]) if graph.edges else graph


def _moved(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    chosen = keys if chance.random() < 0.2 else chance.sample(keys, chance.randint(1, len(keys)))
    return graph.moved(chosen, (8.0 * chance.randint(-30, 30), 8.0 * chance.randint(-30, 30)))


def _changed(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    key = chance.choice(keys)
    cls = type(graph.nodes[key].layer)
    return graph.with_layer(key, cls(**chance.choice(cls.examples).parameters)) if cls.examples else graph


def _renamed(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    return graph.labelled(chance.choice(keys), chance.choice(("", "block/a", "block/b", "block/inner/c", "My layer")))


def _shared(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    node, owner = chance.choice(keys), chance.choice(keys)
    if chance.random() < 0.3:
        return graph.independent([node])
    if type(graph.nodes[node].layer) is not type(graph.nodes[owner].layer):
        raise GraphError("Layers of different kinds share nothing.")
    return graph.sharing(node, owner)


def _frozen(graph: Graph, keys: list[str], chance: random.Random) -> Graph:
    return graph.with_trainable([chance.choice(keys)], chance.random() < 0.5)


def check_scene(scene: CanvasScene, document: Document) -> None:
    """Whether a scene that followed many edits shows what one would that is made now."""
    fresh = CanvasScene(document, Selection(document))
    fresh.keep_faults_in(scene.visible)
    graph = document.project.graph
    assert scene.nodes.keys() == fresh.nodes.keys() == set(graph.nodes)
    assert scene.wires.keys() == fresh.wires.keys() == set(graph.edges)
    assert scene.faults.keys() == fresh.faults.keys()
    assert scene.frames.keys() == fresh.frames.keys()
    for key, item in scene.nodes.items():
        assert item.box == fresh.nodes[key].box and item.look == fresh.nodes[key].look, key
        assert item.isVisible() == fresh.nodes[key].isVisible() == (key not in scene.folding.of), key
        assert item.box.rect.topLeft() == item.pos() == QPointF(*graph.nodes[key].position), key
    assert scene.folding == fresh.folding
    assert [card.box for card in scene.cards.values()] == [fresh.cards[name].box for name in scene.cards]
    for name, card in scene.cards.items():
        assert card.look == fresh.cards[name].look, name
    for edge, wire in scene.wires.items():
        new = fresh.wires[edge]
        assert wire.isVisible() == new.isVisible() == (edge not in scene.folding.hidden), edge
        if not wire.isVisible():
            continue
        assert (wire.shape_value, wire.label, wire.share) == (new.shape_value, new.label, new.share), edge
    for key, fault in scene.faults.items():
        other = fresh.faults[key]
        assert fault.look == other.look, key
        # Within a view notes keep the places they have as long as they can.
        assert not scene.visible.isNull() or (fault.rect, fault.folded) == (other.rect, other.folded), key
    assert scene.notes.items.keys() == fresh.notes.items.keys()
    for key, sheet in scene.notes.items.items():
        note = fresh.notes.items[key]
        assert (sheet.note, sheet.rect, sheet.zValue()) == (note.note, note.rect, note.zValue()), key
    for name, frame in scene.frames.items():
        assert (frame.group, frame.rect) == (fresh.frames[name].group, fresh.frames[name].rect), name
    document.changed.disconnect(fresh._follow)
    fresh.clear()
    fresh.deleteLater()

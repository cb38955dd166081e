"""What a screen reader says of the canvas: the network in a sentence, and the selected layer in another."""

from __future__ import annotations

from PySide6.QtCore import QObject

from designer.canvas.group_card import parameters, shapes_of
from designer.canvas.holding import carried
from designer.canvas.look import worst_problems
from designer.canvas.stage import CanvasStage
from designer.model.document import Document
from designer.model.folding import Card, folding
from designer.model.selection import Selection
from designer.text import tr
from engine.graph import Edge, Graph
from engine.sketch import Note

#: Of many selected layers, as many are named.
_NAMED = 8
#: Characters of a note that are read out.
_SPOKEN = 1_000


class Spoken(QObject):
    """Keeps the canvas's accessible description true.

    Args:
        canvas: whose description it is.
    """

    def __init__(self, canvas: CanvasStage) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._document, self._selection = canvas.document, canvas.selection
        self._document.changed.connect(self._tell)
        self._selection.changed.connect(self._tell)
        self._tell()

    def _tell(self, _what: object = None) -> None:
        text = described(self._document, self._selection)
        if text != self._canvas.accessibleDescription():
            self._canvas.setAccessibleDescription(text)


def described(document: Document, selection: Selection) -> str:
    """The selection in words; without one, the network."""
    graph = document.project.graph
    if selection.notes and not selection.nodes:
        return " ".join(
            _note_words(document, note) for note in document.project.sketch.notes if note.key in selection.notes
        )
    if selection.only_node is not None:
        return _node_words(document, selection.only_node)
    if selection.nodes:
        card = folding(document.project).whole(selection.nodes)
        if card is not None:
            return _card_words(document, card)
        names = [node.name for key, node in graph.nodes.items() if key in selection.nodes]
        listed = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        return tr("{count} layers are selected: {names}.", count=len(names), names=listed)
    if selection.edges:
        return " ".join(_edge_words(graph, edge) for edge in graph.edges if edge in selection.edges)
    if not graph.nodes:
        return tr("The network is empty. Ctrl+F finds a layer to begin with.")
    words = tr("A network of {count} layers and {wires} wires.", count=len(graph.nodes), wires=len(graph.edges))
    problems = len(document.problems)
    return words + (" " + tr("Problems: {count}; F8 goes to them.", count=problems) if problems else "")


def _note_words(document: Document, note: Note) -> str:
    if not note.frame:
        return tr("Note: {text}", text=note.text[:_SPOKEN])
    nodes, _ = carried(document.project, (), [note.key])
    held = [node.name for key, node in document.project.graph.nodes.items() if key in nodes]
    listed = ", ".join(held[:_NAMED]) + (" …" if len(held) > _NAMED else "")
    said = tr("Frame {title}.", title=note.text)
    return said + " " + tr("In it stand {names}.", names=listed) if held else said


def _card_words(document: Document, card: Card) -> str:
    nodes = card.group.nodes
    said = [tr("{name}, a folded group of {count} layers.", name=card.group.name, count=len(nodes))]
    shapes = shapes_of(document, card)
    if shapes:
        said.append(tr("Shapes: {shapes}.", shapes=shapes))
    weights = parameters(document, nodes)
    if weights:
        said.append(tr("It has {count} parameters.", count=f"{weights:,}"))
    worst = worst_problems(document)
    said += [tr("Problem inside: {text}", text=tr(worst[key].text)) for key in nodes if key in worst][:1]
    return " ".join(said)


def _node_words(document: Document, key: str) -> str:
    graph = document.project.graph
    node = graph.nodes[key]
    said = [tr("{name}, a layer of the kind {title}.", name=node.name, title=tr(node.layer.title))]
    if node.layer.badge:
        said.append(node.layer.badge + ".")
    sources = ", ".join(graph.nodes[edge.source].name for edge in graph.into(key))
    targets = ", ".join(graph.nodes[edge.target].name for edge in graph.out_of(key))
    if sources:
        said.append(tr("Comes after {names}.", names=sources))
    elif node.layer.inputs:
        said.append(tr("Nothing leads into it."))
    if targets:
        said.append(tr("Leads to {names}.", names=targets))
    specs = document.inference.outputs.get(key, ())
    if specs:
        said.append(tr("Its output is {shape}.", shape=tr(" and ").join(map(str, specs))))
    weights = sum(document.inference.parameter_count(key))
    if weights:
        said.append(tr("It has {count} parameters.", count=f"{weights:,}"))
    problem = worst_problems(document).get(key)
    if problem is not None:
        said.append(tr("Problem: {text}", text=tr(problem.text)))
    return " ".join(said)


def _edge_words(graph: Graph, edge: Edge) -> str:
    names = {"source": graph.nodes[edge.source].name, "target": graph.nodes[edge.target].name}
    return tr("A wire from {source} to {target}.", **names)

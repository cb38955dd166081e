"""Code of Keras or PyTorch on the canvas: read as a description of layers, never run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from designer.canvas.arranging import aside
from designer.canvas.geometry import STEP, Cards
from designer.canvas.placing import card, cards
from designer.model.document import Document
from designer.model.selection import Selection
from designer.text import tr
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.snippet import Snippet, read_snippet
from engine.graph import Edge, Graph

#: How far above the middle pasted layers begin at most, so that the first of many is in sight (scene units).
_ABOVE = 200.0


class CodeCommands(QObject):
    """Puts layers that are written as code on the canvas, with the training settings that the code tells.

    Args:
        document, selection: what is edited.
        say: shows a sentence when something cannot be done.

    Attributes:
        taken: code was read; with the ``Snippet``.
    """

    taken = Signal(object)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(document)
        self._document = document
        self._selection = selection
        self._say = say

    def paste(self, text: str, at: QPointF) -> bool:
        """Put the layers of some code on the canvas and select them, as one undo step.

        Args:
            text: the code.
            at: where a node would stand in the middle of them.

        Returns:
            Whether it was understood; if not, why was said.
        """
        try:
            self.put(read_snippet(text), at)
        except SnippetError as error:
            self._say(tr("This code cannot become layers. {error}", error=error))
            return False
        return True

    def put(self, found: Snippet, at: QPointF) -> None:
        """Put what was read on the canvas."""
        before = self._document.project
        part = found.graph
        if not part.nodes:
            self._document.edit(tr("Paste training settings"), found.settled(before))
            self.taken.emit(found)
            return
        graph, names = self._joined(before.graph, part, at)
        count = len(part.nodes)
        text = tr("Paste code of one layer") if count == 1 else tr("Paste code of {count} layers", count=count)
        self._document.edit(text, found.settled(before.with_graph(graph), names))
        chosen = set(names.values())
        self._selection.set(chosen, [e for e in graph.edges if e.source in chosen and e.target in chosen])
        self.taken.emit(found)

    def _joined(self, graph: Graph, part: Graph, at: QPointF) -> tuple[Graph, Mapping[str, str]]:
        source = waiting_input(graph, part)
        shift = self._below(graph, part, source) if source else self._shift(graph, part, at)
        whole, names = graph.merged(part, (shift.x(), shift.y()), self._document.learnt)
        if not source:
            return whole, names
        whole, names = fed(whole, names, part, source)
        return whole, names | {own_input(part): source} if own_input(part) else names

    def _shift(self, graph: Graph, part: Graph, at: QPointF) -> QPointF:
        """The way to a free place around a point."""
        own, middle = _around(part), card(at).center()
        top = middle.y() - min(own.height() / 2, _ABOVE)
        shift = QPointF(middle.x() - own.center().x(), top - own.top())
        return aside(_places(part), shift, Cards(cards(graph)), len(graph.nodes))

    def _below(self, graph: Graph, part: Graph, source: str) -> QPointF:
        """The way to the place below an Input that takes the part in."""
        (head,) = _heads(part)
        x, y = graph.nodes[source].position
        column, row = part.nodes[head].position
        shift = QPointF(x - column, y + STEP - row)
        return aside(_places(part, {own_input(part)}), shift, Cards(cards(graph)), len(graph.nodes))


def own_input(part: Graph) -> str:
    """The only Input of a part; nothing where there is none, or several."""
    return part.inputs[0] if len(part.inputs) == 1 else ""


def _open(part: Graph) -> list[str]:
    """The layers that something is to enter and nothing does."""
    return [key for key, node in part.nodes.items() if node.layer.inputs and not part.into(key)]


def _heads(part: Graph) -> list[str]:
    """The layers that an Input on the canvas would feed."""
    own = own_input(part)
    return list(dict.fromkeys(edge.target for edge in part.out_of(own))) if own else _open(part)


def waiting_input(graph: Graph, part: Graph) -> str:
    """The Input on the canvas that nothing reads yet, if there is one and it suits what is pasted; else nothing."""
    idle = [key for key in graph.inputs if not graph.out_of(key)]
    own = own_input(part)
    if len(idle) != 1 or len(part.inputs) > 1 or len(_heads(part)) != 1 or (own and _open(part)):
        return ""
    return idle[0] if not own or part.nodes[own].layer == graph.nodes[idle[0]].layer else ""


def fed(graph: Graph, names: Mapping[str, str], part: Graph, source: str) -> tuple[Graph, dict[str, str]]:
    """With an Input on the canvas in the place of the part's own, or before its open layer."""
    own = own_input(part)
    if own:
        gone = names[own]
        edges = tuple(replace(e, source=source) if e.source == gone else e for e in graph.edges)
        graph = Graph({key: node for key, node in graph.nodes.items() if key != gone}, edges)
        return graph, {key: name for key, name in names.items() if key != own}
    (head,) = _open(part)
    target = graph.nodes[names[head]].layer.inputs[0].name
    port = graph.nodes[source].layer.outputs[0].name
    return graph.connect(Edge(source, names[head], port, target)), dict(names)


def _places(part: Graph, without: Collection[str] = ()) -> dict[str, tuple[float, float]]:
    return {key: node.position for key, node in part.nodes.items() if key not in without}


def _around(part: Graph) -> QRectF:
    found = QRectF()
    for place in _places(part).values():
        found = found.united(card(QPointF(*place)))
    return found

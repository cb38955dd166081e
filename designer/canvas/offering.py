"""Offers layers at a place of the canvas, and puts the chosen one there, connected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsView

from designer.canvas.commands import CanvasCommands
from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, STEP, WireShape, aligned
from designer.canvas.offers import offers
from designer.canvas.picker import LayerPicker
from designer.canvas.placing import added, card, cards, free_place
from designer.canvas.scene import CanvasScene
from designer.canvas.wiring import Anchor
from designer.model.document import Document
from designer.model.selection import Selection
from designer.text import tr
from engine.catalogue.layers.base import Layer


class Offering:
    """One picker at a time; it closes when the network changes.

    Args:
        view: where it is shown.
        canvas: the scene of the view.
        commands: makes the layers.
    """

    def __init__(self, view: QGraphicsView, canvas: CanvasScene, commands: CanvasCommands) -> None:
        self._view = view
        self._canvas = canvas
        self._commands = commands
        self.picker: LayerPicker | None = None
        canvas.document.changed.connect(self.close)

    @property
    def _document(self) -> Document:
        return self._canvas.document

    @property
    def _selection(self) -> Selection:
        return self._canvas.selection

    def open(self, at: QPointF, anchor: Anchor | None = None) -> None:
        """Let a layer be chosen that will stand at a point.

        Args:
            at: a point of the scene.
            anchor: the port from which a wire was drawn there, which will end at the new layer.
        """
        self._ask(at, anchor, lambda kind: self._add(kind, at, anchor))

    def open_after_selected(self, at: QPointF) -> None:
        """Let a layer be chosen that comes after the selected ones, or at a point when none is selected."""
        graph, key = self._document.project.graph, self._selection.only_node
        anchor = None
        if key is not None and graph.nodes[key].layer.outputs:
            anchor = Anchor(key, graph.nodes[key].layer.outputs[0].name)
            at = self._fixed(anchor) + QPointF(0, STEP - NODE_HEIGHT)
        corner = at - QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)
        self._ask(at, anchor, lambda kind: self._commands.add(kind, corner))

    def close(self, _diff: object = None) -> None:
        """Take the picker away."""
        if self.picker is not None:
            self.picker.close_picker()

    def _ask(self, at: QPointF, anchor: Anchor | None, add: Callable[[type[Layer]], None]) -> None:
        self.close()
        if anchor is not None:
            self._draw(at, anchor)
        found = offers(self._document, anchor)
        place = self._view.mapFromScene(at)
        title = self._title(anchor)
        self.picker = LayerPicker(self._view, place, title, found, lambda offer: add(offer.kind), self._closed)

    def _closed(self) -> None:
        picker, self.picker = self.picker, None
        self._canvas.erase("offer")
        keyboard = self._view.window().focusWidget()
        if keyboard is None or picker is None or picker.isAncestorOf(keyboard):
            self._view.setFocus()  # else somebody went elsewhere, and the keyboard goes along

    def _title(self, anchor: Anchor | None) -> str:
        if anchor is None:
            return tr("Add a layer")
        name = self._document.project.graph.nodes[anchor.node].name
        if anchor.forward:
            return tr("What comes after '{name}'?", name=name)
        return tr("What leads to '{name}'?", name=name)

    def _fixed(self, anchor: Anchor) -> QPointF:
        box = self._canvas.nodes[anchor.node].box
        return box.output_point(anchor.port) if anchor.forward else box.input_centre(anchor.port)

    def _draw(self, at: QPointF, anchor: Anchor) -> None:
        """Keep the loose wire while a layer is chosen."""
        fixed = self._fixed(anchor)
        shape = WireShape(fixed, at) if anchor.forward else WireShape(at, fixed)

        def paint(painter: QPainter, _zoom: float) -> None:
            self._canvas.painter.loose_wire(painter, shape, sure=False)

        self._canvas.sketch("offer", shape.bounds, paint)

    def _add(self, kind: type[Layer], at: QPointF, anchor: Anchor | None) -> None:
        layer = self._commands.made(kind)
        if layer is None:
            return
        graph, key = added(self._document.project.graph, layer, self._place(at, anchor))
        if anchor is not None:
            side, ports = ("input", layer.inputs) if anchor.forward else ("output", layer.outputs)
            graph = graph.connect(anchor.edge((key, side, ports[0].name)))
        graph, key = self._document.begun_anew(graph, key)
        self._document.edit(tr("Add {name}", name=tr(kind.title)), self._document.project.with_graph(graph))
        self._selection.set([key])

    def _place(self, at: QPointF, anchor: Anchor | None) -> QPointF:
        """The corner of a card whose port is at a point; in line with the other end of the wire when nearly so."""
        graph = self._document.project.graph
        lift = NODE_HEIGHT / 2 if anchor is None else 0.0 if anchor.forward else NODE_HEIGHT
        corner = at - QPointF(NODE_WIDTH / 2, lift)
        if anchor is not None and abs(self._fixed(anchor).x() - at.x()) < NODE_WIDTH / 4:
            box, step = self._canvas.nodes[anchor.node].box.rect, STEP if anchor.forward else -STEP
            corner.setX(self._fixed(anchor).x() - NODE_WIDTH / 2)
            further = max if anchor.forward else min
            corner.setY(further(corner.y(), box.top() + step))
        return free_place(graph, aligned(card(corner), cards(graph))[0])

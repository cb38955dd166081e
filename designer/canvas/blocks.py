"""The user's own blocks on the canvas: keeping the selection, and putting a kept block down."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect

from designer.canvas.block_gesture import corner_of
from designer.canvas.copying import put
from designer.canvas.geometry import STEP
from designer.canvas.grouping import FIELD_HEIGHT, FIELD_WIDTH, GroupPlace
from designer.canvas.rename_field import RenameField
from designer.model.grouping import DEFAULT
from designer.model.groups import groups_of
from designer.model.library import BlockLibrary, KeptBlock
from designer.text import tr
from engine.errors import LayerloomError


class BlockCommands:
    """Moves blocks between the canvas and the library.

    Args:
        view: whose selection is meant.

    Attributes:
        library: where blocks are kept; ``None`` until the window says so.
    """

    def __init__(self, view: GroupPlace) -> None:
        self._view = view
        self._document, self._selection = view.document, view.selection
        self.library: BlockLibrary | None = None

    def keep(self) -> None:
        """Ask for a name, then keep the selected layers."""
        ids, graph = self._selection.nodes, self._document.project.graph
        if not ids:
            self._view.say(tr("Select the layers to keep first."))
            return
        whole = next((group for group in groups_of(graph) if set(group.nodes) == ids), None)
        place = self._view.on_screen(self._view.canvas.rect_of(ids))
        field = QRect(place.left(), place.top() - FIELD_HEIGHT - 4, FIELD_WIDTH, FIELD_HEIGHT)
        name = whole.title if whole is not None else DEFAULT
        edit = RenameField(self._view.viewport(), field, name, lambda text: self._keep(ids, text))
        edit.setObjectName("block-name")
        edit.setAccessibleName(tr("The block's name in the library"))
        edit.setToolTip(tr("What the block is called in the palette. Enter keeps it, Escape does not."))

    def _keep(self, ids: frozenset[str], name: str) -> None:
        if self.library is None:
            return
        try:
            block = self.library.keep(name, self._document.project.graph, ids)
        except LayerloomError as error:
            self._view.say(str(error))
            return
        self._view.say(tr("'{name}' is in the palette now, under 'My blocks'.", name=block.name))

    def add(self, block: KeptBlock, place: QPointF) -> None:
        """Put a block below the layer that data leave the selection by, connected; else at a place."""
        graph, chosen = self._document.project.graph, self._selection.nodes
        ends = [key for key in graph.order if key in chosen and not any(e.target in chosen for e in graph.out_of(key))]
        ends = [key for key in ends if graph.nodes[key].layer.outputs]
        source = None
        if len(ends) == 1:
            x, y = graph.nodes[ends[0]].position
            place, source = QPointF(x, y + STEP), (ends[0], graph.nodes[ends[0]].layer.outputs[0].name)
        text = tr("Add {name}", name=block.name)
        put(self._document, self._selection, block.graph, place - corner_of(block), text, source=source, fresh=True)

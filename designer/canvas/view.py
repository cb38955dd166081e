"""The canvas: its commands, keys, menus and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from designer.canvas.arranging import ArrangeCommands
from designer.canvas.blocks import BlockCommands
from designer.canvas.choices import Choice
from designer.canvas.commands import CanvasCommands
from designer.canvas.fitting import READABLE, Fitting
from designer.canvas.folding import unfold_around
from designer.canvas.geometry import GRID, NODE_HEIGHT, NODE_WIDTH
from designer.canvas.grouping import GroupCommands
from designer.canvas.hint import EmptyHint
from designer.canvas.key_wire_gesture import KeyWireGesture
from designer.canvas.keys import command_for
from designer.canvas.layer_giver import LayerGiver
from designer.canvas.menu import canvas_menu, choice_menu
from designer.canvas.note_taking import NoteTaking
from designer.canvas.offering import Offering
from designer.canvas.rename_field import RenameField
from designer.canvas.repeating import RepeatCommands
from designer.canvas.spoken import Spoken
from designer.canvas.stage import CanvasStage
from designer.canvas.walking import Walk
from designer.canvas.weights import WeightCommands
from designer.canvas.wiring import Anchor
from designer.model.document import Document
from designer.model.library import KeptBlock
from designer.model.selection import Selection
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.problems import Problem

#: Pixels that an arrow key scrolls when nothing is selected.
_SCROLL = 40.0
#: How far notes stay from the edge (pixels).
_NOTE_EDGE = 6


class CanvasView(CanvasStage):
    """Where networks are drawn.

    The window calls :meth:`take_layers_from` once with its palette and :meth:`set_templates` once, and connects
    the signals; ``fit``, ``zoom_in``, ``zoom_out``, ``delete``, ``copy``, ``cut``, ``paste``, ``duplicate``,
    ``select_all``, ``rename`` and ``reveal`` serve its actions. All keys of the canvas also work without them.

    Attributes:
        inspector_requested: the user wants to edit the selected node's parameters (Enter, double-click).
        template_requested: the id of a template whose button was pressed on the empty canvas.
        commands, weights, arranging, groups, repeating, blocks: the edits.
        offering: lets a layer be chosen right where it will stand.
        notes: notes and frames.
    """

    inspector_requested = Signal()
    template_requested = Signal(object)

    def __init__(self, document: Document, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(document, selection, parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Network"))
        self.commands = CanvasCommands(document, selection, self.say)
        self.weights = WeightCommands(document, selection, self.say)
        self.arranging = ArrangeCommands(document, selection, self.say, self.glide, self.show_network)
        self.groups = GroupCommands(self)
        self.repeating = RepeatCommands(self)
        self.blocks = BlockCommands(self)
        self.offering = Offering(self, self.canvas, self.commands)
        self.notes = NoteTaking(self)
        self._fitting = Fitting(self)
        self._fitted = False
        self._menu_at = QPointF()
        self._spoken = Spoken(self)
        self._hint = EmptyHint(self.viewport(), self.template_requested.emit)
        document.changed.connect(self._follow)
        self.zoom_changed.connect(self._keep_notes)
        self._follow()

    # -- for the window --------------------------------------------------------------------------------

    def take_layers_from(self, palette: LayerGiver) -> None:
        """Let layers be dragged and sent here."""
        palette.chosen.connect(self.add_layer)
        palette.drag_started.connect(self.begin_drop)
        palette.drag_moved.connect(self.drop_moved)
        palette.drag_released.connect(self.drop_released)
        palette.drag_cancelled.connect(self.drop_cancelled)

    def set_templates(self, templates: Sequence[Choice]) -> None:
        """Offer ready-made networks on the empty canvas."""
        self._hint.set_templates(templates)

    def begin_drop(self, cls: type[Layer] | KeptBlock) -> None:
        """A layer or a block was taken from the palette."""
        self.carry(cls if isinstance(cls, KeptBlock) else self.commands.made(cls))

    def add_layer(self, cls: type[Layer] | KeptBlock) -> None:
        """Put a layer or a block after the selected node, or in the middle of the view."""
        place = self.blocks if isinstance(cls, KeptBlock) else self.commands
        place.add(cls, self._middle())
        self._show_selected()
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # keys go on with the new layer

    def fit(self, *_: object) -> None:
        """Show the network large enough to be read, from its top; when it stands like that already, all of it."""
        self._fitting.turn()

    def show_network(self) -> None:
        """Show the network large enough to be read, from its top."""
        self._fitting.fit()

    def reveal(self, node: str) -> None:
        """Bring a node and its note into sight, large enough to be read."""
        if node in self.canvas.nodes:
            unfold_around(self.document, [node])
            self.zoom_to(max(self.zoom, READABLE))
            rect = self.canvas.nodes[node].box.rect
            fault = self.canvas.faults.get(node)
            self.ensureVisible(rect.united(fault.rect) if fault else rect, 60, 60)

    def tells(self, problem: Problem) -> bool:
        """Whether a problem stands beside its node."""
        shown = self.canvas.problem_of(problem.node) if problem.node is not None else None
        return shown is not None and shown.text == problem.text

    # -- commands, by the names that menus and keys call them by -----------------------------------------

    def delete(self) -> None:
        """Delete the selected nodes and wires; what came before a node goes on to what came after it."""
        self.commands.delete()

    def delete_only(self) -> None:
        """Delete the selected nodes and all their wires."""
        self.commands.delete(heal=False)

    def copy(self) -> None:
        """Copy the selected nodes."""
        self.commands.copy()

    def cut(self) -> None:
        """Copy and delete the selected nodes."""
        self.commands.cut()

    def paste(self) -> None:
        """Paste beside the originals, or into the middle of the view when those are out of sight."""
        first = not self.canvas.nodes
        self.commands.paste(self._middle(), self._is_visible)
        (self.show_network if first and len(self.canvas.nodes) > 1 else self._show_selected)()

    def paste_here(self) -> None:
        """Paste where the context menu was opened."""
        self.commands.paste(self._menu_at)

    def offer_layers(self, at: QPointF, anchor: Anchor | None = None) -> None:
        """Let a layer be chosen that will stand at a point of the scene, at the end of a wire when one is given."""
        self.offering.open(at, anchor)

    def offer_here(self) -> None:
        """Let a layer be chosen that will stand where the context menu was opened."""
        self.offering.open(self._menu_at)

    def insert_layer(self) -> None:
        """Let a layer be chosen that comes after the selected one, or where the pointer is."""
        self._show_selected()
        self.offering.open_after_selected(self.mapToScene(self._pointer()))

    def duplicate(self) -> None:
        """Put a copy of the selected nodes beside them."""
        self.commands.duplicate()
        self._show_selected()

    def unwire(self) -> None:
        """Remove every wire of the selected nodes."""
        self.commands.unwire()

    def share_weights(self) -> None:
        """Let the selected layers share weights; a single one chooses whose."""
        offered = self.weights.share()
        if offered:
            nodes = self.document.project.graph.nodes
            menu = choice_menu(self, {key: nodes[key].name for key in offered}, self.weights.share_with)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(self.mapFromScene(self._selected_rect().bottomLeft())))

    def own_weights(self) -> None:
        """Give the selected layers weights of their own."""
        self.weights.part()

    def freeze(self) -> None:
        """Let training leave the selected layers' weights as they are, or train them again."""
        self.weights.freeze()

    def select_all(self) -> None:
        """Select every node and wire."""
        self.commands.select_all()

    def edit_parameters(self) -> None:
        """Ask for the inspector; a selected note is written anew."""
        if self.selection.only_node:
            self.inspector_requested.emit()
        else:
            self.notes.edit_chosen()

    def add_note(self) -> None:
        """Write a note where the pointer is."""
        self.notes.add(self.mapToScene(self._pointer()))

    def add_note_here(self) -> None:
        """Write a note where the context menu was opened."""
        self.notes.add(self._menu_at)

    def rename(self) -> None:
        """Open a field on the name of the selected node or group, or on the selected note."""
        key = self.selection.only_node
        if key is None:
            self.groups.rename() if self.selection.nodes else self.notes.edit_chosen()
            return
        self._show_selected()
        place = self.mapFromScene(self.canvas.painter.name_rect(self.canvas.nodes[key].box)).boundingRect()
        place = QRect(place.left() - 4, place.center().y() - 15, max(140, place.width() + 8), 30)
        name = self.document.project.graph.nodes[key].name
        RenameField(self.viewport(), place, name, lambda label: self.commands.rename(key, label))

    def nudge(self, columns: int, rows: int) -> None:
        """Move the selected nodes and notes by steps of the grid, or the picture when none is selected."""
        if self.selection.has_places:
            self.commands.nudge(columns * GRID, rows * GRID)
            self._show_selected()
        else:
            self.scroll(QPointF(-columns, -rows) * _SCROLL)

    def walk(self, columns: int, rows: int) -> None:
        """Go along wires, or to the layers beside, and see where that leads."""
        if Walk(self.document, self.selection).go(columns, rows):
            self._show_selected()

    def connect_by_keyboard(self) -> None:
        """Start a wire at the selected node; Tab chooses the target, Enter connects."""
        key = self.selection.only_node
        if key is None:
            self.say(tr("Select the layer from which the wire shall start."))
            return
        outputs = self.document.project.graph.nodes[key].layer.outputs
        gesture = KeyWireGesture(self, key, outputs[0].name) if outputs else None
        if gesture is None or not gesture.targets:
            self.say(tr("No other layer can take a wire from here."))
        else:
            self._begin(gesture)

    # -- keys ------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep Tab for the nodes while there are any left to visit."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            forward = event.key() == Qt.Key.Key_Tab
            if (forward or event.key() == Qt.Key.Key_Backtab) and self._tab(event, forward):
                return True
        return bool(super().event(event))

    def _tab(self, event: QKeyEvent, forward: bool) -> bool:
        if self.gesture is not None:
            self.gesture.key(event)
            return True
        if self.commands.step(forward):
            self._show_selected()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand keys to the gesture under way, else to the table of commands."""
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif self.gesture is not None:
            self.gesture.key(event)
        elif event.key() == Qt.Key.Key_Space:
            self._hold_space(True)
        elif (command := command_for(event)) is not None:
            name, values = command
            attrgetter(name)(self)(*values)
        else:
            super().keyPressEvent(event)

    # -- other events ------------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename on a node's or group's name, edit parameters elsewhere on a node, add a layer on empty ground."""
        at = self.mapToScene(event.position().toPoint())
        spot = self.canvas.spot(at, self.zoom)
        if event.button() == Qt.MouseButton.LeftButton and spot.kind == "nothing":
            self.offer_layers(at)
            return
        if event.button() == Qt.MouseButton.LeftButton and spot.kind == "group" and self.groups.entered(spot, at):
            return
        if event.button() == Qt.MouseButton.LeftButton and spot.note:
            self.notes.edit(spot.note)
            return
        if event.button() != Qt.MouseButton.LeftButton or spot.kind != "node":
            self.mousePressEvent(event)
            return
        self.selection.set([spot.hit.node])
        if self.canvas.painter.name_rect(self.canvas.nodes[spot.hit.node].box).contains(at):
            self.rename()
        else:
            self.inspector_requested.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here."""
        self.finish()
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        chosen = by_key and self.selection.has_places
        place = self.mapFromScene(self._selected_rect().center()) if chosen else event.pos()
        self._menu_at = self.mapToScene(place)
        spot = self.canvas.spot(self._menu_at, self.zoom)
        if spot.hit.node and spot.hit.node not in self.selection.nodes:
            self.selection.set([spot.hit.node])
        elif spot.group is not None:
            self.selection.set(spot.group.nodes)
        elif spot.edge is not None and spot.edge not in self.selection.edges:
            self.selection.set((), [spot.edge])
        elif spot.note and spot.note not in self.selection.notes:
            self.selection.set(notes=[spot.note])
        menu = canvas_menu(self, "group" if spot.group is not None else spot.kind)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the middle, the notes in sight, and a network that was fitted fitted."""
        kept = self._fitting.is_kept
        super().resizeEvent(event)
        if kept:
            self._fitting.again()
        self._hint.centre()
        self._keep_notes()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the notes in sight."""
        super().scrollContentsBy(dx, dy)
        self._keep_notes()

    def _keep_notes(self, _zoom: object = None) -> None:
        edge = _NOTE_EDGE
        seen = self.viewport().rect().adjusted(edge, edge, -edge, -edge)
        self.canvas.keep_faults_in(self.mapToScene(seen).boundingRect())

    def showEvent(self, event: QShowEvent) -> None:
        """Show the whole network at first."""
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            self.show_network()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "canvas"):
            self.canvas.dress()
            self.resetCachedContent()
            self.viewport().update()

    # -- following ---------------------------------------------------------------------------------------

    def _follow(self, _diff: object = None) -> None:
        project = self.document.project
        self._hint.setVisible(not project.graph.nodes and not project.sketch.notes)

    def _middle(self) -> QPointF:
        """The corner of a node in the middle of the view."""
        middle = self.mapToScene(self.viewport().rect().center())
        return middle - QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)

    def on_screen(self, rect: QRectF) -> QRect:
        """A rectangle of the scene in the viewport, after it was brought into sight."""
        self.ensureVisible(rect, 40, 40)
        return self.mapFromScene(rect).boundingRect()

    def _is_visible(self, point: QPointF) -> bool:
        return self.viewport().rect().contains(self.mapFromScene(point))

    def _selected_rect(self) -> QRectF:
        return self.canvas.notes.rect(self.selection.notes).united(self.canvas.rect_of(self.selection.nodes))

    def _show_selected(self) -> None:
        if self.selection.has_places:
            self.ensureVisible(self._selected_rect(), 40, 40)

    def drop_released(self, at: QPoint) -> None:
        """Show a dropped layer whole."""
        super().drop_released(at)
        self._show_selected()

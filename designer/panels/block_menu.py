"""What can be done with a block of the user's own, in the palette."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from designer.icons import icon
from designer.model.library import BlockLibrary, KeptBlock
from designer.text import tr
from engine.errors import LayerloomError


def block_menu(
    parent: QWidget, library: BlockLibrary, block: KeptBlock, put: Callable[[], None], edit: Callable[[], None]
) -> QMenu:
    """A menu for a block; deleting asks in a menu of its own.

    Args:
        parent: over which it opens.
        library: where the block lies.
        block: the block.
        put: puts it on the canvas.
        edit: lets its name be typed.
    """
    menu = QMenu(parent)
    menu.setObjectName("block-menu")
    menu.setToolTipsVisible(True)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _add(menu, "block-put", "plus-box-outline", tr("Put on the canvas"), tr("Add its layers as a group."), put)
    _add(menu, "block-rename", "pencil-outline", tr("Rename"), tr("Give the block another name."), edit)
    question = menu.addMenu(icon("trash-can-outline"), tr("Delete …"))
    question.setToolTipsVisible(True)
    sure = tr("Delete '{name}' for good", name=block.name.replace("&", "&&"))
    tip = tr("Networks in which it was used keep their layers.")
    _add(question, "block-delete", "trash-can-outline", sure, tip, lambda: _told(parent, lambda: library.remove(block)))
    return menu


def rename(parent: QWidget, library: BlockLibrary, block: KeptBlock, name: str) -> None:
    """Give a block another name, after the list has closed its field."""
    if name.strip() and name.strip() != block.name:
        QTimer.singleShot(0, library, lambda: _told(parent, lambda: library.rename(block, name)))


def block_tip(block: KeptBlock) -> str:
    """What a block is, as escaped rich text."""
    nodes = list(block.graph.nodes.values())
    kinds = ", ".join(dict.fromkeys(tr(node.layer.title) for node in nodes[:12]))
    lines = (
        tr("A block of your own: {count} layers ({kinds}).", count=len(nodes), kinds=kinds),
        tr("Drag it onto the canvas, or double-click. Its menu renames and deletes it."),
    )
    return f"<b>{escape(block.name)}</b>" + "".join(f"<div>{escape(line)}</div>" for line in lines)


def _add(menu: QMenu, name: str, picture: str, text: str, tip: str, deed: Callable[[], None]) -> None:
    action = menu.addAction(icon(picture), text)
    action.setObjectName(name)
    action.setToolTip(tip)
    action.triggered.connect(lambda _checked=False: deed())


def _told(parent: QWidget, deed: Callable[[], None]) -> None:
    """Do it; what stands in the way is said beside the list."""
    try:
        deed()
    except LayerloomError as error:
        QToolTip.showText(parent.mapToGlobal(QPoint(8, 8)), f"<span>{escape(str(error))}</span>", parent)

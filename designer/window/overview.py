"""Two small windows: all keys, and what Layerloom is."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from designer.text import tr
from designer.theme import set_kind
from designer.window.commands import COMMANDS, MENUS, SUBMENUS

#: What stays free around the list of keys in a small window (px).
EDGE = 16
#: Keys and gestures that are no commands of their own.
GESTURES: tuple[tuple[str, str], ...] = (
    ("Tab", "Next layer"),
    ("Alt + arrows", "Walk along the wires, or to the layers beside"),
    ("Enter", "Edit the layer's parameters"),
    ("F2", "Rename the layer, write the note anew"),
    ("C", "Connect: choose the target with Tab, then Enter"),
    ("Arrows", "Move the selected layers"),
    ("Space + drag", "Move the view"),
    ("Wheel", "Zoom"),
    ("Ctrl + 1 … 9", "Go to a bookmark"),
    ("Drag from a port", "Draw a wire; in the open, choose the layer for its end"),
    ("Alt + drag", "Put down copies of the selected layers"),
    ("Ctrl while dragging", "Leave the grid"),
    ("Double-click", "On empty ground or in the palette: add a layer"),
    ("Esc", "Cancel what is under way; in a field, return to the canvas"),
)
#: Programs inside, with their licences.
PARTS: tuple[tuple[str, str], ...] = (
    ("PySide6", "LGPL-3.0"),
    ("pyqtgraph", "MIT"),
    ("QtAwesome", "MIT"),
    ("numba", "BSD-2-Clause"),
    ("numpy", "BSD-3-Clause"),
    ("scipy", "BSD-3-Clause"),
    ("h5py", "BSD-3-Clause"),
    ("pydantic", "MIT"),
    ("Pillow", "MIT-CMU"),
    ("Inter (font)", "OFL-1.1"),
)


def keys_window(parent: QWidget) -> QDialog:
    """All keys, grouped like the menus."""
    dialog = _dialog(parent, "keys-dialog", tr("Keys"))
    content = QWidget()
    content.setObjectName("scroll-content")
    columns = QHBoxLayout(content)
    columns.setContentsMargins(0, 0, 0, 0)
    columns.setSpacing(36)
    by_id = {command.id: command for command in COMMANDS}
    groups = []
    for title, ids in MENUS.items():
        commands = [by_id[key] for group in ids for key in _with_inner(group) if key in by_id]
        rows = [(_keys(c.keys), tr(c.text.replace("&", "").replace(" …", ""))) for c in commands if c.keys]
        groups.append((tr(title.replace("&", "")), rows))
    groups.append((tr("On the canvas"), [(tr(key), tr(text)) for key, text in GESTURES]))
    for chosen in (groups[:2], groups[2:5], groups[5:]):
        column = QVBoxLayout()
        column.setSpacing(6)
        for title, rows in chosen:
            column.addLayout(_table(title, rows))
            column.addSpacing(12)
        column.addStretch(1)
        columns.addLayout(column)
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    scrolled = QScrollArea()
    scrolled.setObjectName("keys-list")
    scrolled.setWidget(content)
    scrolled.setWidgetResizable(True)
    layout.insertWidget(0, scrolled, 1)
    bar = scrolled.verticalScrollBar().sizeHint().width()
    wanted = layout.sizeHint() - scrolled.sizeHint() + content.sizeHint() + QSize(bar, bar)
    dialog.resize(wanted.boundedTo(parent.window().size() - QSize(2 * EDGE, 2 * EDGE)))
    return dialog


def _with_inner(group: tuple[str, ...]) -> list[str]:
    """Commands of a group, those of menus within the menu in their place."""
    inner = {f"@{key}": [command for part in parts for command in part] for key, (_, _, parts) in SUBMENUS.items()}
    return [command for key in group for command in inner.get(key, [key])]


def about_window(parent: QWidget) -> QDialog:
    """Version and licences."""
    dialog = _dialog(parent, "about-dialog", tr("About Layerloom"))
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.insertWidget(0, _text(tr("Layerloom {version}", version=_version()), "title"))
    layout.insertWidget(1, _text(tr("Draw a neural network, train it, watch it learn, and take the result away."), ""))
    layout.insertLayout(2, _table(tr("Made with"), [(licence, name) for name, licence in PARTS]))
    return dialog


def _version() -> str:
    try:
        return metadata.version("layerloom")
    except metadata.PackageNotFoundError:
        return tr("(running in place)")


def _keys(keys: str) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in keys.split())


def _dialog(parent: QWidget, name: str, title: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(28, 24, 28, 20)
    layout.setSpacing(12)
    close = QPushButton(tr("Close"))
    close.setToolTip(tr("Close this window (Esc)."))
    close.clicked.connect(dialog.accept)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(close)
    layout.addLayout(row)
    return dialog


def _table(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(7)
    grid.addWidget(_text(title, "heading"), 0, 0, 1, 2)
    for place, (key, text) in enumerate(rows, 1):
        grid.addWidget(_text(key, "key"), place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(_text(text, ""), place, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _text(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        set_kind(label, kind)
    return label

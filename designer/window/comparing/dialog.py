"""The window that lists what differs between two networks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.comparison import Change, Comparison
from designer.panels.blocks import MARGIN, button, label
from designer.text import plain_tip, tr
from designer.theme import current_theme
from engine.project import Project

#: Where an item keeps the id of its layer.
_NODE = Qt.ItemDataRole.UserRole


class CompareDialog(QDialog):
    """Added, removed and changed layers, and other settings; a click on a layer leads to it.

    Args:
        other: what the network is compared with, for the heading.
        found: what differs.
        project: the newer one, whose layers can be shown.
        parent: the window.

    Attributes:
        revealed: emitted with the id of a layer that somebody wants to see.
    """

    revealed = Signal(str)

    def __init__(self, other: str, found: Comparison, project: Project, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compare-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("What differs"))
        self.resize(620, 480)
        self._project = project
        self.heading = label(tr("The network now, compared with {other}", other=other), "heading")
        self.sum = label(_sum(found), "muted")
        self.tree = _tree()
        self.tree.itemClicked.connect(self._go)
        self.tree.itemActivated.connect(self._go)
        self._fill(found)
        self.copying = button("copy-differences", tr("Copy as text"), tr("Copy the whole list."), "normal")
        self.copying.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        closing = button("close-differences", tr("Close"), tr("Close this window."), "primary")
        closing.clicked.connect(self.accept)
        self._lay_out(closing)

    def _lay_out(self, closing: QWidget) -> None:
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.copying)
        foot.addWidget(closing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(10)
        layout.addWidget(self.heading)
        layout.addWidget(self.sum)
        layout.addWidget(self.tree, 1)
        layout.addLayout(foot)

    def text(self) -> str:
        """The list as text, one line each."""
        lines = [self.heading.text(), self.sum.text()]
        for place in range(self.tree.topLevelItemCount()):
            lines += ["", *_lines(self.tree.topLevelItem(place), 0)]
        return "\n".join(lines) + "\n"

    def _fill(self, found: Comparison) -> None:
        theme, nodes = current_theme(), self._project.graph.nodes
        added = self._group(tr("Added"), "plus-circle-outline", theme.success, len(found.added))
        for key in found.added:
            _child(added, nodes[key].name, "", tr(nodes[key].layer.title), key)
        removed = self._group(tr("Removed"), "minus-circle-outline", theme.error, len(found.removed))
        for name, title in found.removed:
            _child(removed, name, tr(title), "")
        changed = self._group(tr("Changed"), "pencil-circle-outline", theme.warning, len(found.changed))
        for one in found.changed:
            layer = _child(changed, nodes[one.node].name, "", "", one.node)
            _children(layer, one.changes, one.node)
        settings = self._group(tr("Data and training"), "tune", theme.accent, len(found.settings))
        _children(settings, found.settings)
        self.tree.expandAll()

    def _group(self, title: str, sign: str, color: str, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"{title} ({count})"])
        item.setIcon(0, icon(sign, color))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        if count:
            self.tree.addTopLevelItem(item)
            item.setFirstColumnSpanned(True)
        return item

    def _go(self, item: QTreeWidgetItem, _column: int) -> None:
        node = item.data(0, _NODE)
        if node:
            self.revealed.emit(str(node))


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setObjectName("differences")
    tree.setHeaderLabels([tr("Layer or setting"), tr("Before"), tr("Now")])
    tree.setToolTip(tr("A click on a layer selects it on the canvas."))
    tree.setAccessibleName(tr("What differs"))
    tree.setUniformRowHeights(True)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        tree.header().resizeSection(column, 170)
    tree.header().setStretchLastSection(False)
    return tree


def _child(above: QTreeWidgetItem, name: str, before: str, now: str, node: str = "") -> QTreeWidgetItem:
    item = QTreeWidgetItem(above, [name, before, now])
    item.setData(0, _NODE, node)
    for column, text in enumerate((name, before, now)):
        item.setToolTip(column, plain_tip(text))
    item.setForeground(1, QColor(current_theme().muted))
    return item


def _children(above: QTreeWidgetItem, changes: Sequence[Change], node: str = "") -> None:
    nothing = tr("none")
    for change in changes:
        _child(above, change.name, change.before or nothing, change.now or nothing, node)


def _lines(item: QTreeWidgetItem, depth: int) -> list[str]:
    name, before, now = (item.text(column) for column in range(3))
    told = f": {before} → {now}" if before and now else f": {before or now}" if before or now else ""
    below = (_lines(item.child(place), depth + 1) for place in range(item.childCount()))
    return ["  " * depth + name + told, *(line for lines in below for line in lines)]


def _sum(found: Comparison) -> str:
    if found.is_empty:
        return tr("Both are the same; only places on the canvas may differ.")
    layers = tr("Layers: {added} added, {removed} removed, {changed} changed.",
                added=len(found.added), removed=len(found.removed), changed=len(found.changed))  # fmt: skip
    return f"{layers} {tr('Other settings: {n}.', n=len(found.settings))}"

"""Whether the selected layers' weights are trained, and with whom they are shared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.model.sharing import alike, lenders, others_of
from designer.panels.blocks import button, label
from designer.text import tr
from engine.graph import Graph


class WeightsBox(QWidget):
    """A box to tick for training, and buttons for sharing.

    Args:
        document: what is edited.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._ids: tuple[str, ...] = ()
        self.trained = QCheckBox(tr("Train these weights"))
        self.trained.setObjectName("trainable")
        self.trained.setToolTip(
            tr("Without the tick, training leaves these weights as they are (trainable=False). That keeps what a layer "
               "has learnt elsewhere; a normalization then uses its moving averages.")
        )  # fmt: skip
        self.trained.clicked.connect(self._train)
        self.partners = label("", "small", tr("Layers that share weights learn together: there is one set for all."))
        self.partners.setWordWrap(True)
        tip = tr("Use the weights of another layer of this kind, so that both always compute the same.")
        self.share: QPushButton = button("share-weights", tr("Share weights with"), tip, "normal")
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._offer)
        self.share.setMenu(self.menu)
        tip = tr("Give this layer weights of its own. It begins with what was learnt together.")
        self.part: QPushButton = button("make-independent", tr("Make independent"), tip, "normal")
        self.part.clicked.connect(self._part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.trained, self.partners, self.share, self.part):
            layout.addWidget(widget)

    @property
    def _graph(self) -> Graph:
        return self._document.project.graph

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show what holds for these nodes; nothing where none has weights."""
        weights = self._document.inference.weights
        self._ids = tuple(key for key in ids if weights.get(key) and key in self._graph.nodes)
        self.setVisible(bool(self._ids))
        if not self._ids:
            return
        resting = sum(key in self._graph.frozen for key in self._ids)
        state = Qt.CheckState.Unchecked if resting else Qt.CheckState.Checked
        self.trained.setCheckState(Qt.CheckState.PartiallyChecked if 0 < resting < len(self._ids) else state)
        one = self._ids[0] if len(ids) == 1 else ""
        others = others_of(self._graph, one) if one else ()
        self.partners.setText(tr("Shares its weights with {names}.", names=", ".join(others)) if others else "")
        self.partners.setVisible(bool(others))
        self.share.setVisible(bool(one) and bool(alike(self._document, one)))
        self.part.setVisible(bool(others))

    def _offer(self) -> None:
        """Fill the menu with the layers whose weights fit."""
        self.menu.clear()
        if len(self._ids) != 1:
            return
        node = self._ids[0]
        for key in lenders(self._document, node):
            action = self.menu.addAction(self._graph.nodes[key].name)
            action.triggered.connect(lambda _=False, other=key: self._share(node, other))
        if self.menu.isEmpty():
            self.menu.addAction(tr("No other layer of this kind has weights of these shapes")).setEnabled(False)

    def _share(self, node: str, other: str) -> None:
        self._edit(tr("Share weights"), self._graph.sharing(node, other))

    def _part(self) -> None:
        self._edit(tr("Make independent"), self._graph.independent(self._ids))

    def _train(self, _checked: bool = False) -> None:
        wanted = self.trained.checkState() != Qt.CheckState.Unchecked
        self.trained.setTristate(False)
        self._edit(
            tr("Train weights") if wanted else tr("Freeze weights"), self._graph.with_trainable(self._ids, wanted)
        )

    def _edit(self, text: str, graph: Graph) -> None:
        self._document.edit(text, self._document.project.with_graph(graph))

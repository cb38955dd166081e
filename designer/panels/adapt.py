"""The button that lets a layer learn from the data what it must know of them beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.blocks import label
from designer.text import tr
from designer.training.chore import Chore
from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.normalization import Normalization
from engine.catalogue.sources.base import Dataset
from engine.project import Project
from engine.train.arriving import arriving

#: How long a thread that reads the data may take to end when nobody waits for it any more (s).
LAST_LOOK = 5.0


class AdaptRow(QWidget):
    """Adapts a Normalization layer to the training part of the data; one step that can be undone.

    Args:
        document: what is edited.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._node = ""
        self.button = QPushButton(tr("Adapt to the data"))
        self.button.setObjectName("adapt")
        self.button.setToolTip(
            tr(
                "Computes means and variances of what reaches this layer. Only the part of the data that is learnt "
                "from is looked at: what the network is judged by later must stay unknown to it."
            )
        )
        self.button.clicked.connect(self.adapt)
        self.said = label("", "small", tr("What adapting has found, or why it could not be done."))
        self.said.setWordWrap(True)
        self.said.hide()
        self._chore = Chore("adapt", self)
        self._chore.told.connect(self._take)
        self._chore.ended.connect(self._end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addWidget(self.said)

    def show_node(self, node: str) -> None:
        """Serve this layer; nothing where several are selected."""
        if node != self._node:
            self._say("")
        self._node = node
        self.button.setEnabled(bool(node) and not self._chore.busy)

    def adapt(self) -> None:
        """Compute means and variances of what reaches the layer, on a thread."""
        dataset = self._document.dataset
        if dataset is None:
            self._say(tr("There are no data yet. Choose some under Data and press Use this data."))
            return
        project, node = self._document.project, self._node
        self.button.setEnabled(False)
        self._say(tr("Reading the data …"))
        self._chore.start(lambda: _adapted(project, dataset, node))

    def _take(self, found: object) -> None:
        assert isinstance(found, tuple)
        node, layer = found
        graph = self._document.project.graph
        if node not in graph.nodes or not isinstance(layer, Layer):
            return
        project = self._document.project.with_graph(graph.with_layer(node, layer))
        self._document.edit(tr("Adapt to the data"), project)
        self._say(tr("Adapted to the data that are learnt from."))

    def _end(self, sentence: object) -> None:
        self.button.setEnabled(bool(self._node))
        if sentence:
            self._say(str(sentence))

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def hideEvent(self, event: QHideEvent) -> None:
        self._chore.shutdown(LAST_LOOK)
        self._say("")
        super().hideEvent(event)


def _adapted(project: Project, dataset: Dataset, node: str) -> Iterator[tuple[str, Layer]]:
    """The layer as it is to be; both are never changed, so any thread may read them."""
    layer = project.graph.nodes[node].layer
    assert isinstance(layer, Normalization)
    yield node, layer.fitted_to(arriving(project, dataset, node))

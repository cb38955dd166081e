"""The button that lets a layer learn from the data what it must know of them beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.blocks import label
from designer.text import tr
from designer.training.chore import Chore
from engine.catalogue.layers.normalization import Normalization
from engine.catalogue.sources.base import Dataset
from engine.project import Project
from engine.train.arriving import arriving


@dataclass(frozen=True, eq=False)
class Adapted:
    """What adapting found, and what it was found from.

    Attributes:
        node: whose means and variances these are.
        layer: the layer as it was, with them.
        project, dataset: what was looked at.
    """

    node: str
    layer: Normalization
    project: Project
    dataset: Dataset

    def carried_to(self, project: Project, dataset: Dataset | None) -> Project | None:
        """A project edited meanwhile, with the means and variances; ``None`` where they are not its own any more."""
        node = project.graph.nodes.get(self.node)
        if node is None or not isinstance(node.layer, Normalization) or node.layer.axis != self.layer.axis:
            return None
        if dataset is not self.dataset or _sources(project, self.node) != _sources(self.project, self.node):
            return None
        layer = node.layer.changed(mean=self.layer.mean, variance=self.layer.variance)
        return project.with_graph(project.graph.with_layer(self.node, layer))


class AdaptRow(QWidget):
    """Adapts a Normalization layer to the training part of the data; one step that can be undone.

    Args:
        document: what is edited.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._node = ""
        self._reading = False
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
        self._refresh()

    def adapt(self) -> None:
        """Compute means and variances of what reaches the layer, on a thread."""
        dataset = self._document.dataset
        if dataset is None:
            self._say(tr("There are no data yet. Choose some under Data and press Use this data."))
            return
        project, node = self._document.project, self._node
        self._reading = True
        self._refresh()
        self._say(tr("Reading the data …"))
        self._chore.start(lambda: _adapted(project, dataset, node))

    def _take(self, found: object) -> None:
        assert isinstance(found, Adapted)
        project = found.carried_to(self._document.project, self._document.dataset)
        if project is None:
            self._say(tr("What reaches the layer, or its axis, was changed meanwhile. Adapt it again."))
            return
        self._document.edit(tr("Adapt to the data"), project)
        self._say(tr("Adapted to the data that are learnt from."))

    def _end(self, sentence: object) -> None:
        if sentence and self._reading:
            self._say(str(sentence))
        self._reading = False
        self._refresh()

    def _refresh(self) -> None:
        self.button.setEnabled(bool(self._node) and not self._reading)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def hideEvent(self, event: QHideEvent) -> None:
        self._chore.stop()  # without waiting: its end is told some time later
        self._reading = False
        self._say("")
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()
        super().showEvent(event)


def _sources(project: Project, node: str) -> tuple[object, ...]:
    """What decides, beside the data set, what reaches a layer."""
    graph = project.graph
    before = graph.upstream(node)
    layers = {key: graph.nodes[key].layer for key in before - {node}}
    edges = [edge for edge in graph.edges if edge.target in before]
    return layers, edges, project.split, project.inputs


def _adapted(project: Project, dataset: Dataset, node: str) -> Iterator[Adapted]:
    """The layer with what was found; project and data are never changed, so any thread may read them."""
    layer = project.graph.nodes[node].layer
    assert isinstance(layer, Normalization)
    yield Adapted(node, layer.fitted_to(arriving(project, dataset, node)), project, dataset)

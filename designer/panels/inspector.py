"""The inspector: what is selected, what it means, and how to change it."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.blocks import MARGIN, Fact, column, label, rule, scrolling
from designer.panels.form.editor import LEAVING
from designer.panels.network_page import NetworkPage
from designer.panels.node_page import NodePage
from designer.panels.shape_words import bytes_of, bytes_text, rank_lesson, spec_words, title_of
from designer.panels.weights_box import WeightsBox
from designer.text import tr
from engine.catalogue.layers.base import Layer
from engine.graph import Edge


class Inspector(QWidget):
    """Shows one layer, several, a wire, or the whole network.

    Args:
        document: what is edited.
        selection: what is looked at.

    Attributes:
        dropped: the sentence that says what was written but not accepted before something else was selected.
        asked: the class of layers that shall be explained.
    """

    dropped = Signal(str)
    asked = Signal(object)

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self._document = document
        self._selection = selection
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.network = NetworkPage(document, selection)
        self.wire = WirePage(document)
        self.group = GroupPage(document)
        #: Classes whose advanced parameters the user wants to see.
        self._unfolded: set[type[Layer]] = set()
        self._node_page: tuple[type[Layer], NodePage] | None = None
        for page in (self.network, self.wire, self.group):
            self._pages.addWidget(page)
        selection.changed.connect(self._refresh)
        document.changed.connect(self._on_changed)
        self._refresh()

    @property
    def node_page(self) -> NodePage | None:
        """The page of layers, while one is shown."""
        shown = self._pages.currentWidget()
        return shown if isinstance(shown, NodePage) else None

    def focus_first(self) -> None:
        """Put the keyboard into the first field of the form (Enter on the canvas)."""
        page = self.node_page
        if page is None:
            self.network.table.setFocus()
            return
        rows = list(page.form.rows.values())
        # As Tab does: what the field holds is selected, so that writing replaces it.
        (rows[0].editor.focus_target() if rows else page.header.name).setFocus(Qt.FocusReason.TabFocusReason)

    def _on_changed(self, diff: Diff) -> None:
        # Where a layer stands is not shown here, and dragging changes it every frame.
        if not diff.only_placed:
            self._refresh()

    def _refresh(self, _selection: object = None) -> None:
        graph = self._document.project.graph
        nodes, wires = self._selection.nodes, self._selection.edges
        ids = tuple(key for key in graph.nodes if key in nodes)
        edges = [edge for edge in graph.edges if edge in wires] if wires else []
        classes = {type(graph.nodes[key].layer) for key in ids}
        if len(classes) == 1:
            page = self._page_for(classes.pop())
            page.show_nodes(ids)
            self._pages.setCurrentWidget(page)
        elif ids:
            self.group.show_nodes(ids)
            self._pages.setCurrentWidget(self.group)
        elif edges:
            self.wire.show_edges(edges)
            self._pages.setCurrentWidget(self.wire)
        else:
            self.network.refresh()
            self._pages.setCurrentWidget(self.network)

    def _tell_dropped(self, sentence: str) -> None:
        # What was clicked must not move away meanwhile.
        QTimer.singleShot(LEAVING, self, lambda: self.dropped.emit(sentence))

    def _page_for(self, cls: type[Layer]) -> NodePage:
        if self._node_page is not None and self._node_page[0] is cls:
            return self._node_page[1]
        page = NodePage(self._document, cls)
        if self._node_page is not None:
            before, old = self._node_page
            (self._unfolded.add if old.form.is_unfolded else self._unfolded.discard)(before)
            self._pages.removeWidget(old)
            old.hide()
            old.deleteLater()
        page.form.dropped.connect(self._tell_dropped)
        page.header.explain.clicked.connect(lambda: self.asked.emit(cls))
        page.form.unfold(cls in self._unfolded)
        self._node_page = (cls, page)
        self._pages.addWidget(page)
        return page


class WirePage(QWidget):
    """What flows through a wire."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.title = label(tr("Wire"), "title")
        self.ends = label("", "muted")
        self.shape = Fact(tr("Shape"), rank_lesson())
        self.sample = Fact(tr("One sample"), tr("Memory of what one sample sends through this wire."))
        self.batch = Fact(tr("One batch"), tr("Memory of what a whole batch sends through this wire."))
        content = column(self.title, self.ends, rule(), self.shape, self.sample, self.batch, margin=MARGIN, spacing=10)
        content.layout().addStretch()
        layout = QStackedLayout(self)
        layout.addWidget(scrolling(content))

    def show_edges(self, edges: list[Edge]) -> None:
        """Show the first of these wires, and how many there are."""
        edge = edges[0]
        graph, inference = self._document.project.graph, self._document.inference
        source = graph.nodes[edge.source]
        more = tr("Wire (and {n} more)", n=len(edges) - 1) if len(edges) > 1 else tr("Wire")
        self.title.setText(more)
        self.ends.setText(tr("from {a} to {b}", a=source.name, b=graph.nodes[edge.target].name))
        ports = [port.name for port in source.layer.outputs]
        specs = inference.outputs.get(edge.source)
        known = specs is not None
        self.sample.setVisible(known)
        self.batch.setVisible(known)
        if specs is None:
            self.shape.tell("?", tr("not known until everything above it fits"))
            return
        spec = specs[ports.index(edge.source_port)]
        self.shape.tell(str(spec), spec_words(spec))
        rows = self._document.project.training.batch_size
        self.sample.tell(bytes_text(bytes_of(spec)))
        self.batch.tell(bytes_text(bytes_of(spec) * rows), tr("{n} samples", n=f"{rows:,}"))


class GroupPage(QWidget):
    """Several layers of different classes."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.title = label("", "title")
        self.kinds = label("")
        self.count = Fact(tr("Parameters"), tr("All numbers these layers learn."))
        self.advice = label(
            tr("Drag to move them together, Ctrl+C copies, Delete removes. Select layers of one kind to edit all."),
            "small",
        )
        self.weights = WeightsBox(document)
        parts = (self.title, self.kinds, rule(), self.count, self.weights, self.advice)
        content = column(*parts, margin=MARGIN, spacing=10)
        content.layout().addStretch()
        layout = QStackedLayout(self)
        layout.addWidget(scrolling(content))

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show what these layers have in common."""
        graph, inference = self._document.project.graph, self._document.inference
        self.title.setText(tr("{n} layers", n=len(ids)))
        found = Counter(title_of(graph.nodes[key].layer) for key in ids)
        self.kinds.setText("\n".join(f"{count} × {title}" for title, count in found.most_common()))
        owners = {graph.owner(key) for key in ids}
        total = sum(sum(inference.parameter_count(key)) for key in owners)
        self.count.tell(f"{total:,}", bytes_text(total * 4))
        self.weights.show_nodes(ids)

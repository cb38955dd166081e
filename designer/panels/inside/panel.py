"""The panel "Inside": see what the network sees, while it learns and afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.blocks import upright
from designer.panels.form.icon_button import IconButton
from designer.panels.inside.big import BigView
from designer.panels.inside.cam import CamBlock
from designer.panels.inside.file import picture_paths
from designer.panels.inside.layers import LayersBlock
from designer.panels.inside.plate import Plate
from designer.panels.inside.prediction import PredictionBlock
from designer.panels.inside.rows import Part
from designer.panels.inside.sample import SampleChooser
from designer.panels.inside.state import StateLine
from designer.text import tr
from designer.training.insight import Insight
from designer.training.look import Look, Wish, picture_input
from designer.training.runner import Runner

#: Widths of the parts that do not grow, and the least height at which they work (px).
SAMPLE, ANSWER, MAP, LEAST = 212, 196, 216, 232


class InsidePanel(QWidget):
    """Sample, prediction, class activation map and layers from left to right.

    While it is hidden nothing is computed.

    Args:
        document: the project.
        runner: who has the weights.
        selection: selecting one layer on the canvas shows it here.

    Attributes:
        room_wanted: emitted when somebody wants the panel higher, or back to its former height.
        insight: who looks.
        saved: emitted with a sentence when a picture was written.
    """

    room_wanted = Signal()
    saved = Signal(str)

    def __init__(self, document: Document, runner: Runner, selection: Selection) -> None:
        super().__init__()
        self.setObjectName("inside-panel")
        self.setAcceptDrops(True)
        self._document, self._selection = document, selection
        self._look: Look | None = None
        self._front = True
        self.insight = Insight(document, runner, self)
        self.state = StateLine(self.insight, document, runner)
        self.chooser = SampleChooser(document)
        self.prediction = PredictionBlock(document)
        self.cam = CamBlock()
        self.layers = LayersBlock()
        self.big = BigView()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for part, width in ((self.chooser, SAMPLE), (self.prediction, ANSWER), (self.cam, MAP)):
            part.setMinimumWidth(width)
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        body = QWidget()
        body.setObjectName("scroll-content")
        body.setMinimumHeight(LEAST)
        row = QHBoxLayout(body)
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(10)
        self._beside_cam = upright()
        for part, share, line in (
            (self.chooser, 5, upright()), (self.prediction, 4, upright()), (self.cam, 5, self._beside_cam),
        ):  # fmt: skip
            row.addWidget(part, share)
            row.addWidget(line)
        row.addWidget(self.layers, 14)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self._pages = QStackedWidget()
        self._pages.addWidget(scroll)
        self._pages.addWidget(self.big)
        self.room = IconButton("arrow-expand-vertical", tr("More room for this panel, or back (Ctrl+I)."))
        self.room.setObjectName("inside-room")
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 8, 0)
        head.addWidget(self.state, 1)
        head.addWidget(self.room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.room.clicked.connect(self.room_wanted)
        for plate in self.plates:
            plate.enlarged.connect(lambda source=plate: self.enlarge(source))
        for plate in (*self.plates, self.big.plate):
            plate.failed.connect(self.state.complain)
            plate.saved.connect(self.saved)
        self.big.left.connect(self.back)
        for part in (self.chooser, self.prediction, self.cam, self.layers):
            part.changed.connect(self.ask)
        self.insight.looked.connect(self._looked)
        self._document.changed.connect(self._document_changed)
        self._selection.changed.connect(self._selected)

    @property
    def plates(self) -> tuple[Plate, ...]:
        """Every picture that can be enlarged."""
        return self.chooser.browser.plate, self.chooser.file.plate, self.cam.plate, self.layers.plate

    # -- commands -------------------------------------------------------------------------------

    def enlarge(self, source: Plate) -> None:
        """Fill the panel with one picture."""
        self._pages.setCurrentWidget(self.big)
        self.big.open(source)

    def back(self) -> None:
        """Show the whole panel again."""
        self._pages.setCurrentIndex(0)
        self.big.close_view()

    def set_front(self, front: bool) -> None:
        """Say whether the panel can be seen, for places where Qt does not: a dock behind another one's tab."""
        if front != self._front:
            self._front = front
            self._watch()

    @property
    def is_seen(self) -> bool:
        """Whether somebody can see it."""
        return self._front and self.isVisible()

    def _watch(self) -> None:
        seen = self.is_seen
        self.insight.watch(seen)
        if seen:
            self._refresh()
        else:
            self.chooser.set_active(False)

    def shutdown(self, timeout_s: float) -> bool:
        """Stop looking; whether the thread ended in time."""
        return self.insight.shutdown(timeout_s)

    def show_sample(self, part: Part, row: int) -> None:
        """Look at one sample of the data.

        Args:
            part: whose fields hold it.
            row: its row in them.
        """
        self.chooser.refresh()
        self.chooser.ways.choose(0)
        self.chooser.browser.show_sample(part, row)

    # -- asking and showing ---------------------------------------------------------------------

    def ask(self) -> None:
        """Have everything looked at that can be seen now."""
        if not self.is_seen:
            return
        if self.chooser.waits:
            self._empty()
            return
        layers = self.layers
        self.insight.ask(
            Wish(
                fields=self.chooser.fields(),
                given=self.chooser.given(),
                names=self._document.project.inputs,
                thumbs=layers.strip.visible(),
                layer=layers.layer,
                own=layers.own.isChecked(),
                cam=self._sees_pictures,
                cam_layer=self.cam.wanted_layer,
                cam_output=self.prediction.output,
                cam_class=self.cam.wanted_class,
                kernel=layers.layer if layers.shows_filters else None,
                kernel_input=layers.kernel_input,
                aspect=layers.aspect,
            )
        )

    @property
    def _sees_pictures(self) -> bool:
        """Whether the network that is looked at takes pictures; until it is known, the one on the canvas."""
        anatomy = self._look.anatomy if self._look is not None else None
        if anatomy is not None:
            return picture_input(anatomy.graph, anatomy.inference) is not None
        return picture_input(self._document.project.graph, self._document.inference) is not None

    def _looked(self, look: Look) -> None:
        self._look = look
        labels = {key: node.name for key, node in look.knowledge.graph.nodes.items()}
        labels |= {key: node.name for key, node in self._document.project.graph.nodes.items() if key in labels}
        self.state.follow(look)
        for part in (self.cam, self._beside_cam):
            part.setVisible(self._sees_pictures)
        self.chooser.tell(look)
        low, high = self.chooser.browser.range
        self.prediction.tell(look, self.chooser.truths())
        self.cam.tell(look, self.prediction.names(look), low, high, labels)
        fresh = look.anatomy is not None and self.layers.set_network(look.anatomy, labels)
        self.layers.tell(look)
        # A network that was just met has layers that were not asked for yet.
        if fresh or (look.anatomy is not None and not set(self.layers.strip.visible()) <= set(look.wish.thumbs)):
            self.ask()

    def _empty(self) -> None:
        """Nothing to look at: nothing of an earlier sample stays, and none of its looks arrives later."""
        self.insight.withdraw()
        self._look = None
        self.prediction.tell(None, {})
        self.cam.tell(None, (), 0.0, 1.0, {})
        self.layers.tell(None)
        self.state.follow(None, self.chooser.wanted)

    def _forget(self) -> None:
        """Another project is shown: nothing of the one before stays."""
        if self._pages.currentWidget() is self.big:
            self.back()
        self.chooser.forget()
        self._empty()
        for part in (self.prediction, self.cam, self.layers):
            part.forget()

    def _document_changed(self, diff: Diff) -> None:
        if diff.everything:
            self._forget()
        if self.is_seen:
            self._refresh()

    def _refresh(self) -> None:
        self.chooser.refresh()
        for part in (self.cam, self._beside_cam):
            part.setVisible(self._sees_pictures)
        self.state.refresh()
        self.ask()

    def _selected(self, selection: Selection) -> None:
        key = selection.only_node
        if key is not None and key in self.layers.strip.layers:
            self.layers.choose(key)

    # -- events ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look."""
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """A hidden panel costs nothing."""
        super().hideEvent(event)
        self._watch()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.layers.back():
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self.chooser.ways.choose(2)
            self.chooser.file.paste()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures; folders, such as projects, are the window's."""
        data = event.mimeData()
        if (picture_paths(data) or data.hasImage()) and not self.chooser.ways.isHidden():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        if self.chooser.take(event.mimeData()):
            event.acceptProposedAction()

"""What is looked at: a sample of the data, a drawing, or a picture from elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.inside.browse import Browser
from designer.panels.inside.draw import DrawPage
from designer.panels.inside.file import FilePage
from designer.panels.inside.rows import Array
from designer.panels.inside.switch import Switch
from designer.panels.pictures import picture
from designer.text import tr
from designer.training.look import Given, Look, picture_input

#: Places of the three ways.
DATA, DRAW, FILE = range(3)
#: While somebody draws, the picture is handed on at most this often (ms).
FRAME = 16


class SampleChooser(QWidget):
    """Three ways to a sample.

    Args:
        document: whose data and network are meant.

    Attributes:
        changed: emitted when another sample is to be looked at.
        browser, draw, file: the three ways.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("inside-chooser")
        self._document = document
        self.browser, self.draw, self.file = Browser(), DrawPage(), FilePage()
        self.ways = Switch(
            "inside-way",
            (
                ("data", tr("Data"), tr("A sample of the data set.")),
                ("draw", tr("Draw"), tr("Draw with the mouse and see at once what it is taken for.")),
                ("file", tr("File"), tr("A picture of your own: open, drop or paste it.")),
            ),
        )
        self._pages = QStackedWidget()
        for page in (self.browser, self.draw, self.file):
            self._pages.addWidget(page)
        self.ways.chosen.connect(self._switched)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.ways)
        layout.addWidget(self._pages, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(FRAME)
        self._soon.timeout.connect(self.changed)
        self.browser.changed.connect(lambda: self._noted(DATA))
        self.draw.changed.connect(lambda: self._noted(DRAW))
        self.file.changed.connect(lambda: self._noted(FILE))

    def refresh(self) -> None:
        """Follow the document's data and network."""
        graph, inference = self._document.project.graph, self._document.inference
        self.browser.set_data(self._document.dataset, self._document.project.split)
        key = picture_input(graph, inference)
        spec = inference.outputs[key][0] if key is not None else None
        self.draw.set_spec(spec)
        # Without pictures there is nothing to draw or to open.
        self.ways.setVisible(spec is not None)
        if spec is None and self.ways.place != DATA:
            self.ways.choose(DATA)

    def forget(self) -> None:
        """Another project is shown: nothing of the data and the network before stays."""
        self._soon.stop()
        self.file.forget()
        self.refresh()

    def set_active(self, active: bool) -> None:
        """A hidden panel hands nothing on."""
        if not active:
            self._soon.stop()

    def fields(self) -> dict[str, Array]:
        """The data's sample by field name; for networks with several inputs it completes a drawing."""
        return self.browser.fields()

    def given(self) -> Given | None:
        """The drawing or picture that takes the place of the data's."""
        low, high = self.browser.range
        if self.ways.place == DRAW:
            pixels = self.draw.pixels()
            if pixels is not None:
                return Given(pixels, self.draw.centre.isChecked(), False, low, high)
        if self.ways.place == FILE and self.file.source is not None:
            centred = not self.draw.centre.isHidden() and self.draw.centre.isChecked()
            return Given(self.file.source, centred, self.file.invert, low, high)
        return None

    @property
    def waits(self) -> bool:
        """Whether there is nothing to look at before somebody draws or chooses."""
        if self.ways.place == DATA:
            return not self.browser.fields()
        return self.given() is None

    @property
    def wanted(self) -> str:
        """What somebody has to do so that there is something to look at."""
        if self.ways.place == DRAW:
            return tr("Draw something on the black field; what it is taken for shows at once.")
        if self.ways.place == FILE:
            return tr("Open or drop a picture; what it is taken for shows at once.")
        if self._document.dataset is None and self._document.project.source is not None:
            return tr("The data are not loaded yet; the Data panel tells how far they are.")
        if self._document.dataset is None:
            return tr("Choose data in the Data panel; their samples can be looked at here.")
        return tr("Choose a sample, draw one, or drop a picture here.")

    def truths(self) -> dict[str, Array]:
        """What is right, by target field; unknown for drawings."""
        return self.browser.truths() if self.ways.place == DATA else {}

    def take(self, data: QMimeData) -> bool:
        """Take a dropped or pasted picture."""
        if self.ways.isHidden():
            return False
        self.ways.choose(FILE)
        return self.file.take(data)

    def tell(self, look: Look) -> None:
        """Show how a file came out."""
        given = look.wish.given
        if self.ways.place != FILE or given is None or given.source is not self.file.source:
            return
        if look.fault and not look.inputs:
            self.file.show_fault(look.fault)
        elif look.anatomy is not None:
            key = picture_input(look.anatomy.graph, look.anatomy.inference)
            if key in look.inputs:
                self.file.show_seen(picture(look.inputs[key], *self.browser.range))

    def _switched(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.changed.emit()
        if place == DRAW:
            self.draw.pad.setFocus()

    def _noted(self, place: int) -> None:
        if place == self.ways.place and not self._soon.isActive():
            self._soon.start()

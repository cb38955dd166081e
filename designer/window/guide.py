"""A tour of the window in six steps: cards beside the real parts, which stay usable; shown by itself once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout, QWidget

from designer.text import tr
from designer.theme import current_theme, plain_label, set_kind
from designer.window.docks import Docks
from designer.window.keyboard import give_back
from designer.window.settings import remember, text_setting

#: Width of a card, its distance from what it tells of, and how far the ring stands out (pixels).
WIDTH, GAP, RING = 340, 14, 3
#: Where it is remembered that the tour was seen.
_SEEN = "guide"


@dataclass(frozen=True)
class Step:
    """One card.

    Attributes:
        part: what it stands beside: the id of a dock, or another part that the window names.
        title, text: what it says.
    """

    part: str
    title: str
    text: str


# fmt: off
STEPS: tuple[Step, ...] = (
    Step("palette", "Layers to build with",
         "Drag a layer onto the canvas, or type its name and press Enter. A network begins with an Input."),
    Step("canvas", "The canvas",
         "Here the network grows from top to bottom. Drag from the dot under a layer to the dot over the next one: "
         "data flow through the wire. What does not fit is said beside the layer, often with a button that mends it."),
    Step("layer", "The selected layer",
         "Click a layer to see its shapes and set its parameters; every field explains itself when the pointer rests "
         "on it. With nothing selected, the whole network stands here as a table."),
    Step("data", "Data to learn from",
         "Choose what the network learns from: examples that are built in, or arrays of your own "
         "in IDX or .npz files; NumPy's savez writes those from tables and pictures."),
    Step("train", "Training",
         "When nothing stands in the way, press Train. The curves move while it learns, and you may go on editing. "
         "What stands in the way is said here; a click leads there."),
    Step("inside", "See inside",
         "Watch what every layer makes of a sample, during training too. Under Results stand figures and mistakes. "
         "This tour can be taken again from the Help menu."),
)
# fmt: on


class Guide(QObject):
    """Leads through the steps.

    Args:
        window: over which the cards stand.
        docks: parts that are brought to the front.
        parts: the other parts, by name.
    """

    def __init__(self, window: QMainWindow, docks: Docks, parts: Mapping[str, QWidget]) -> None:
        super().__init__(window)
        self._window, self._docks, self._parts = window, docks, parts
        self._place = 0
        self._card: Card | None = None
        self._ring: Ring | None = None
        self._target: QWidget | None = None
        self._before: QWidget | None = None
        self._in_front: tuple[str, ...] = ()
        self._hidden: tuple[str, ...] = ()
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.leave)

    @property
    def step(self) -> Step | None:
        """The step that is shown; ``None`` while the tour is not under way."""
        return STEPS[self._place] if self._card is not None else None

    @property
    def card(self) -> Card | None:
        """What is shown of it."""
        return self._card

    def offer(self) -> None:
        """Begin by itself, unless it was seen before."""
        if not text_setting(_SEEN):
            self.start()

    def start(self) -> None:
        """Begin with the first step."""
        remember(_SEEN, "seen")
        if self._card is None:
            self._before = QApplication.focusWidget()
            told = {step.part for step in STEPS}
            self._in_front = self._docks.in_front
            self._hidden = tuple(key for key in self._docks.closed if key in told)
            self._ring, self._card = Ring(self._window), Card(self._window)
            self._card.left.clicked.connect(self.back)
            self._card.right.clicked.connect(self.forward)
            self._card.away.clicked.connect(self.leave)
            self._window.installEventFilter(self)
            self._escape.setEnabled(True)
        self._go(0)

    def forward(self) -> None:
        """The next step; behind the last one the tour is over."""
        if self._place + 1 < len(STEPS):
            self._go(self._place + 1)
        else:
            self.leave()

    def back(self) -> None:
        """The step before."""
        self._go(max(0, self._place - 1))

    def leave(self) -> None:
        """End the tour; the docks it brought up go back, and so does the keyboard."""
        self._escape.setEnabled(False)
        self._window.removeEventFilter(self)
        self._watch(None)
        for part in (self._card, self._ring):
            if part is not None:
                part.hide()
                part.deleteLater()
        if self._card is not None:
            self._docks.put_back(self._in_front, self._hidden)
        self._card = self._ring = None
        give_back(self._before)
        self._before = None

    def _go(self, place: int) -> None:
        if self._card is None:
            return
        self._place = place
        step = STEPS[place]
        if step.part not in self._parts:
            self._docks.show(step.part)
        self._watch(self._parts.get(step.part) or self._docks[step.part])
        self._card.tell(step, place)
        self._stand()
        self._card.right.setFocus(Qt.FocusReason.OtherFocusReason)

    def _watch(self, target: QWidget | None) -> None:
        if self._target is not None:
            self._target.removeEventFilter(self)
        self._target = target
        if target is not None:
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside what is told of."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._stand()
        return False

    def _stand(self) -> None:
        if self._card is None or self._ring is None or self._target is None:
            return
        target = QRect(self._target.mapTo(self._window, QPoint()), self._target.size())
        self._ring.setGeometry(target.adjusted(-RING, -RING, RING, RING) & self._window.rect())
        self._card.setGeometry(beside(target, self._card.wanted(), self._window.rect()))
        for part in (self._ring, self._card):
            part.show()
            part.raise_()


class Ring(QWidget):
    """A frame around what a card tells of; clicks go through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("guide-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call to draw."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_theme().accent), RING))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 8, 8)
        painter.end()


class Card(QFrame):
    """Title, sentences and three buttons."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("guide-card")
        set_kind(self, "card")
        self._title, self._text, self._number = _label("heading"), _label(""), _label("small")
        self.away = _button("guide-leave", tr("Leave the tour"), tr("Close these cards; Esc does the same."), "quiet")
        self.left = _button("guide-back", tr("Back"), tr("The step before this one."), "normal")
        self.right = _button("guide-next", tr("Next"), tr("The next step; Enter does the same."), "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._number)
        row.addStretch(1)
        for button in (self.away, self.left, self.right):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(6)
        column.addLayout(row)

    def tell(self, step: Step, place: int) -> None:
        """Say what a step says."""
        self._title.setText(tr(step.title))
        self._text.setText(tr(step.text))
        self._number.setText(tr("{n} of {all}", n=place + 1, all=len(STEPS)))
        self.left.setVisible(place > 0)
        last = place + 1 == len(STEPS)
        self.right.setText(tr("Done") if last else tr("Next"))
        self.away.setVisible(not last)
        self.setAccessibleName(tr(step.title))
        self.setAccessibleDescription(tr(step.text))

    def wanted(self) -> QSize:
        """Its size."""
        layout = self.layout()
        layout.activate()
        width = max(WIDTH, layout.minimumSize().width())
        return QSize(width, layout.totalHeightForWidth(width))


def beside(target: QRect, size: QSize, area: QRect) -> QRect:
    """Where a card stands within an area: right, left, below or above its target, or else in the target's middle."""
    middle = target.center() - QPoint(size.width() // 2, size.height() // 2)
    places = (
        QPoint(target.right() + GAP, target.top() + GAP),
        QPoint(target.left() - GAP - size.width(), target.top() + GAP),
        QPoint(middle.x(), target.bottom() + GAP),
        QPoint(middle.x(), target.top() - GAP - size.height()),
    )
    for place in places:
        x = max(area.left() + GAP, min(place.x(), area.right() - GAP - size.width()))
        y = max(area.top() + GAP, min(place.y(), area.bottom() - GAP - size.height()))
        card = QRect(QPoint(x, y), size)
        if area.contains(card) and not card.intersects(target):
            return card
    x = max(area.left(), min(middle.x(), area.right() - size.width()))
    y = max(area.top(), min(middle.y(), area.bottom() - size.height()))
    return QRect(QPoint(x, y), size)


def _label(kind: str) -> QLabel:
    label = plain_label(kind=kind)
    label.setWordWrap(kind != "small")
    return label


def _button(name: str, text: str, tip: str, kind: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(True)
    set_kind(button, kind)
    return button

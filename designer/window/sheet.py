"""A question inside the window: dims what lies behind, waits for one of a few answers, blocks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from designer.canvas.choices import Choice, Choices
from designer.icons import icon
from designer.theme import current_theme, plain_label, set_kind
from designer.window.keyboard import give_back

#: Width of the card, and of one with choices in two columns (px).
WIDTH, WIDE = 460, 760
#: What stays free above and below the card together, and the least height of a list of choices (px).
FREE, LEAST = 48, 80


@dataclass(frozen=True)
class Answer:
    """One way out of a question.

    Attributes:
        key: what the receiver gets.
        text: label of the button.
        tip: what will happen.
        kind: ``primary``, ``normal`` or ``quiet``.
        icon: name of an icon.
        heading: what it stands under in a list; with headings a list has two columns.
    """

    key: str
    text: str
    tip: str
    kind: str = "normal"
    icon: str = ""
    heading: str = ""


class Sheet(QWidget):
    """Asks one question at a time.

    The last answer is the harmless one: Escape chooses it.

    Attributes:
        shown: emitted with whether a question is open.
    """

    shown = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a click beside the card leaves the keyboard with the answers
        self._receiver: Callable[[str], None] | None = None
        self._answers: tuple[Answer, ...] = ()
        self._before: QWidget | None = None
        self._buttons: list[QPushButton] = []
        self._card = QFrame(self)
        set_kind(self._card, "card")
        self._card.setFixedWidth(WIDTH)
        self._title, self._text = plain_label(kind="title"), plain_label(kind="muted")
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._choices = Choices("sheet", self._answer, self._card)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(10)
        column.addWidget(self._choices)
        column.addLayout(self._row)
        parent.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether a question waits for its answer."""
        return self._receiver is not None

    def ask(
        self, title: str, text: str, answers: tuple[Answer, ...], receiver: Callable[[str], None], stacked: bool = False
    ) -> None:
        """Ask; a question that still waits gets its harmless answer first.

        Args:
            title: the question.
            text: what hangs on it.
            answers: the ways out, the harmless one last.
            receiver: called with the key of the answer.
            stacked: the answers stand one below the other, with their tips as explanations.
        """
        if self.is_open:
            self._answer(self._answers[-1].key)
        self._title.setText(title)
        self._text.setText(text)
        self._answers = answers
        self._receiver = receiver
        self._before = self.window().focusWidget()
        self._fill(stacked)
        self._place()
        self.show()
        self.raise_()
        self._first().setFocus()
        self.shown.emit(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape answers harmlessly."""
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self._answer(self._answers[-1].key)
        else:
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What lies behind hears of no click."""
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the keyboard inside while the question is open."""
        places = [place for place, button in enumerate(self._buttons) if button.hasFocus()]
        step = 1 if forward else -1
        button = self._buttons[((places[0] if places else 0) + step) % len(self._buttons)]
        button.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        if button in self._choices.buttons:
            self._choices.ensureWidgetVisible(button)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies behind."""
        shade = QColor(current_theme().shadow)
        shade.setAlpha(150 if current_theme().is_dark else 90)
        painter = QPainter(self)
        painter.fillRect(event.rect(), shade)
        painter.end()

    def _first(self) -> QPushButton:
        """The button that Enter presses: the suggested answer, or else the harmless one."""
        keys = [answer.key for answer in self._answers if answer.kind == "primary"] or [self._answers[-1].key]
        return next(button for button in self._buttons if button.objectName() == f"sheet-{keys[0]}")

    def _fill(self, stacked: bool) -> None:
        _clear(self._row)
        chosen = self._answers[:-1] if stacked else ()
        columns = 2 if any(answer.heading for answer in chosen) else 1
        listed = [Choice(answer.key, answer.text, answer.tip, answer.heading, answer.icon) for answer in chosen]
        self._choices.offer(listed, columns)
        self._choices.setVisible(bool(chosen))
        self._card.setFixedWidth(WIDTH if columns == 1 else WIDE)
        # The harmless answer stands at the left, apart from those that do something.
        rest = [self._button(answer) for answer in reversed(self._answers[len(chosen) :])]
        self._row.addWidget(rest[0])
        self._row.addStretch(1)
        for button in rest[1:]:
            self._row.addWidget(button)
        self._buttons = [*self._choices.buttons, *rest]

    def _button(self, answer: Answer) -> QPushButton:
        button = QPushButton(answer.text)
        button.setObjectName(f"sheet-{answer.key}")
        button.setToolTip(answer.tip)
        button.setAutoDefault(True)
        if answer.icon:
            button.setIcon(icon(answer.icon))
        set_kind(button, answer.kind)
        button.clicked.connect(lambda _checked=False, key=answer.key: self._answer(key))
        return button

    def _place(self) -> None:
        self.setGeometry(self.parentWidget().rect())
        self._fit_choices()
        self._card.adjustSize()
        self._card.move((self.width() - self._card.width()) // 2, max(0, (self.height() - self._card.height()) // 3))

    def _fit_choices(self) -> None:
        """Give the list the height it wants, or what is left for it."""
        margins = self._card.layout().contentsMargins()
        wanted = self._choices.height_for(self._card.width() - margins.left() - margins.right())
        self._choices.setFixedHeight(wanted)
        self._card.adjustSize()
        excess = self._card.height() - (self.height() - FREE)
        if excess > 0 and self._choices.isVisibleTo(self._card):
            self._choices.setFixedHeight(max(LEAST, wanted - excess))

    def _answer(self, key: str) -> None:
        receiver, self._receiver = self._receiver, None
        self.hide()
        self.shown.emit(False)
        before, self._before = self._before, None
        give_back(before)
        if receiver is not None:
            receiver(key)


def _clear(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is not None and (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()

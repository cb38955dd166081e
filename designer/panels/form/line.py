"""Editors that are a line of text: texts, numbers, several whole numbers, anything else."""

from __future__ import annotations

import json
import re
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from designer.panels.form.edit import MIXED
from designer.panels.form.editor import LEAVING, UNSET, Editor, FormMaker
from designer.panels.form.limits import limits, teaching, value_text
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, set_invalid
from engine.component import Parameter

#: A fault is shown when the writer pauses, not at every half-written number (milliseconds).
PATIENCE = 450


class Line(QLineEdit):
    """A text field that shows its limits while it has the focus, and leaves undo to the document."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.hint = hint

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus() or not self.hint:
            return
        font = self.font()
        font.setPointSizeF(SMALL_SIZE)
        painter = QPainter(self)
        painter.setFont(font)
        margins = self.textMargins()
        area = self.rect().adjusted(8, 0, -9 - margins.right(), 0)
        written = self.fontMetrics().horizontalAdvance(self.text() or self.placeholderText()) + 14
        if painter.fontMetrics().horizontalAdvance(self.hint) <= area.width() - written:
            painter.setPen(QColor(current_theme().muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.hint)
        painter.end()


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class LineEditor(Editor):
    """Base of the editors made of one line; valid text counts at once, faulty text after a pause."""

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__(parameter, name, make_form, depth)
        self.line = Line(limits(parameter.constraint))
        self._before: Any = UNSET
        self._keeps_text = False
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self._judge)
        self.build()
        field = self.focus_target()
        field.setObjectName(name)
        field.setToolTip(teaching(parameter))
        field.setAccessibleName(tr(parameter.label))
        self.watch(field)
        if field is not self.line:
            self.line.installEventFilter(self)
        self.line.textEdited.connect(self._written)
        self.line.setPlaceholderText(self.none_text or "")

    def build(self) -> None:
        """Lay the field out."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)

    def parse(self, text: str) -> Any:
        """The value meant by a text; the text itself where it means nothing."""
        return text

    def write(self, value: Any) -> str:
        """A value as text."""
        return value_text(value)

    def focus_target(self) -> QWidget:
        return self.line

    def show_value(self, value: Any) -> None:
        self._late.stop()
        if value is MIXED:
            self.line.setText("")
            self.line.setPlaceholderText(tr("several values"))
            return
        self.line.setPlaceholderText(self.none_text or "")
        # Text that already says this value is kept: "0.10" must not shrink while it is written.
        if not self.line.text() or self.meant() != value:
            self.line.setText("" if value is None else self.write(value))
            self.line.setCursorPosition(0 if not self.line.hasFocus() else len(self.line.text()))

    def meant(self) -> Any:
        """The value of the text on the screen; the text itself when it is refused."""
        text = self.line.text().strip()
        if not text and self.none_text is not None:
            return None
        value = self.parse(text)
        return text if self.fault_of(value) else self.parameter.constraint.validate(value)

    def refuse(self, sentence: str) -> None:
        set_invalid(self.focus_target(), bool(sentence))
        super().refuse(sentence)

    def restore(self) -> None:
        self._late.stop()
        self.line.clear()
        super().restore()
        set_invalid(self.focus_target(), False)

    def forget(self) -> None:
        super().forget()
        self._before = UNSET

    def set(self, value: Any) -> None:
        if type(value) is not type(self._value) or value != self._value:
            if self._keeps_text:
                self._value = value
                return
            set_invalid(self.focus_target(), False)
        super().set(value)

    def offer(self, value: Any) -> None:
        set_invalid(self.focus_target(), bool(self.fault_of(value)))
        super().offer(value)

    def _written(self, text: str) -> None:
        self._late.stop()
        value = self._entered(text)
        if self.fault_of(value):
            self._late.start(PATIENCE)
        else:
            self.offer(value)

    def _entered(self, text: str) -> Any:
        text = text.strip()
        return None if not text and self.none_text is not None else self.parse(text)

    def _judge(self) -> None:
        self._late.stop()
        text = self.line.text()
        if self.is_mixed and not text:
            return
        if self.fault_of(self._entered(text)):
            self._withdraw()
            self.offer(self._entered(text))

    def _withdraw(self) -> None:
        """Undo what half-written text has changed: "0.9" on the way to a refused "0.95"."""
        before = self._before
        if before is UNSET or before is MIXED or before == self._value:
            return
        self._keeps_text = True
        self.report(before)
        self._keeps_text = False

    def _finish(self) -> None:
        """Write the accepted value in its usual form."""
        if self._value is UNSET or self.is_mixed or self._is_pending():
            return
        text = "" if self._value is None else self.write(self._value)
        if self.meant() == self._value and text != self.line.text():
            self.line.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._before = self._value
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._judge()
                self._finish()
                self._before = self._value
            elif event.key() == Qt.Key.Key_Escape and self._take_back():
                return True
        elif event.type() == QEvent.Type.FocusOut:
            if self._is_pending():
                self._late.start(LEAVING)
            self._finish()
        return super().eventFilter(watched, event)

    def _take_back(self) -> bool:
        """Return to the value of before this visit; whether anything was different."""
        before, known = self._before, self._before is not UNSET and self._before is not MIXED
        differs = known and before != self._value
        if not differs and not self._is_pending():
            return False
        self.restore()
        if differs:
            self.offer(before)
        return True

    def _is_pending(self) -> bool:
        return bool(self.focus_target().property("invalid")) or self._late.isActive()


class TextEditor(LineEditor):
    """A short text."""


class NumberEditor(LineEditor):
    """A real number; exponents are welcome (1e-3)."""

    def parse(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text


class WholesEditor(LineEditor):
    """Several whole numbers: ``28, 28, 1``, ``3 x 3``, or one for all."""

    def parse(self, text: str) -> Any:
        pieces = [piece for piece in re.split(r"[\s,;×x()\[\]]+", text) if piece]
        try:
            numbers = tuple(None if piece == "None" else int(piece) for piece in pieces)
        except ValueError:
            return text
        return numbers[0] if len(numbers) == 1 else numbers

    def write(self, value: Any) -> str:
        return ", ".join(str(number) for number in value)


class AnyEditor(LineEditor):
    """For constraints of plug-ins that have no editor of their own: JSON, or else text."""

    def parse(self, text: str) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text

    def write(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value, default=str)

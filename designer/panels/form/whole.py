"""The editor of one whole number."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QWidget

from designer.panels.form.editor import Editor
from designer.panels.form.line import LineEditor
from engine.constraints import Whole

#: Where the number begins, so that it stands under the texts of the other fields (pixels).
TEXT_INDENT = 8


class _Steps(QAbstractSpinBox):
    """Arrows, wheel and keys around a line that may also hold what is not allowed."""

    def __init__(self, editor: WholeEditor) -> None:
        super().__init__()
        self._editor = editor

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def stepBy(self, steps: int) -> None:
        self._editor.step(steps)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled


class WholeEditor(LineEditor):
    """A whole number: written, or stepped with arrows, Page keys and the wheel."""

    def build(self) -> None:
        self.steps = _Steps(self)
        self.steps.setLineEdit(self.line)
        self.steps.setAccelerated(True)
        # A style sheet's padding reaches a line inside a spin box only sometimes; margins always do.
        self.line.setStyleSheet("QLineEdit { padding: 0; }")
        self.line.setTextMargins(TEXT_INDENT, 0, 0, 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.steps)

    def focus_target(self) -> QWidget:
        return self.steps

    def parse(self, text: str) -> Any:
        for read in (int, float):
            try:
                return read(text)
            except ValueError:
                continue
        return text

    def step(self, steps: int) -> None:
        """Go up or down, stopping at the limits."""
        now = self.meant()
        rule = self.parameter.constraint
        low, high = (rule.low, rule.high) if isinstance(rule, Whole) else (0, 2**31 - 1)
        if not isinstance(now, int):
            now = self._value if isinstance(self._value, int) else low - steps
        new = min(high, max(low, now + steps))
        self.line.setText(str(new))
        self.line.selectAll()
        Editor.offer(self, new)

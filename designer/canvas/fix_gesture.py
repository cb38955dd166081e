"""Press the button of a note."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from designer.canvas.gesture import Gesture, Stage
from engine.errors import LayerloomError


class FixGesture(Gesture):
    """Starts on the button; released on it, the offered edit is made under the button's name."""

    def __init__(self, stage: Stage, start: QPointF, node: str) -> None:
        super().__init__(stage, start)
        self._node = node
        self.move(start, Qt.KeyboardModifier.NoModifier)

    def _is_on(self, at: QPointF) -> bool:
        return self._node in self.canvas.faults and self.canvas.faults[self._node].button.contains(at)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show whether releasing would press it."""
        if self._node in self.canvas.faults:
            self.canvas.faults[self._node].show_pointer(self._is_on(at), self._is_on(at))

    def release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Mend the fault."""
        problem = self.canvas.problem_of(self._node)
        self.cancel()
        if problem is not None and problem.fix is not None and self._is_on(at):
            try:
                self.stage.document.mend(problem.fix)
            except LayerloomError as error:
                self.stage.say(str(error), at)

    def cancel(self) -> None:
        """Show the button at rest."""
        if self._node in self.canvas.faults:
            self.canvas.faults[self._node].show_pointer(False)

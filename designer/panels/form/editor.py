"""What all editors have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from designer.panels.form.edit import MIXED, Edit
from designer.text import tr
from engine.component import Component, Parameter
from engine.errors import LayerloomError

if TYPE_CHECKING:
    from designer.panels.form.form import Form

#: What an editor shows before it has been given anything; equal to no value.
UNSET = object()

#: After leaving a field its sentence waits, so that what is being clicked does not move away (milliseconds).
LEAVING = 250

#: Makes the form of a chosen component: its class, the object names' prefix, and the depth of nesting.
FormMaker = Callable[[type[Component], str, int], "Form"]


class Editor(QWidget):
    """Edits one parameter.

    An editor shows what the document holds (``set``) and reports what the user enters
    (``edited``); it keeps no value of its own. What is entered but not allowed stays on the
    screen with a sentence (``faulted``) until it is mended or taken back.

    Attributes:
        wide: takes a whole line of the form instead of the right column.
        below: a widget for the whole line under the field, or ``None``.
    """

    #: An :class:`Edit`.
    edited = Signal(object)
    #: The sentence that explains what is wrong; empty when nothing is.
    faulted = Signal(str)
    #: What was written goes out of sight without having been accepted: the sentence that says so.
    dropped = Signal(str)
    wide = False

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__()
        self.parameter = parameter
        self.below: QWidget | None = None
        self._name = name
        self._make_form = make_form
        self._depth = depth
        self._value: Any = UNSET
        self._visit = 0

    # -- what subclasses state -----------------------------------------------------------

    def show_value(self, value: Any) -> None:
        """Put a value (or ``MIXED``) on the screen without reporting it."""
        raise TypeError(f"{type(self).__name__} shows nothing")

    def focus_target(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self

    def tab_stops(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        return [self.focus_target()]

    # -- for the form -----------------------------------------------------------------------

    def set(self, value: Any) -> None:
        """Show what the document holds; text being written is left alone where it agrees."""
        if type(value) is type(self._value) and value == self._value:
            return
        self._value = value
        self.show_value(value)
        self.faulted.emit("")

    def value(self) -> Any:
        """The last value shown from the document; ``None`` before there is one."""
        return None if self._value is UNSET else self._value

    def restore(self) -> None:
        """Take back what is not accepted."""
        if self._value is UNSET:
            return
        self.show_value(self._value)
        self.faulted.emit("")

    def forget(self) -> None:
        """Another target follows: take back what is not accepted, and remember no visit."""
        self.restore()

    def refuse(self, sentence: str) -> None:
        """Show a fault that was found outside (parameters that do not fit together)."""
        self.faulted.emit(sentence)

    def offer(self, value: Any) -> None:
        """Treat a value as if the user had entered it."""
        fault = self.fault_of(value)
        if fault:
            self.faulted.emit(fault)
            return
        self.faulted.emit("")
        self.report(self.parameter.constraint.validate(value))

    def report(self, value: Any, path: tuple[str | int, ...] = ()) -> None:
        """Tell the form of an accepted value."""
        self.edited.emit(Edit(path, value, self._visit))

    def fault_of(self, value: Any) -> str:
        """The sentence that refuses a value; empty when the constraint allows it."""
        try:
            self.parameter.constraint.validate(value)
        except (ValueError, TypeError, ArithmeticError, LayerloomError) as error:
            name = tr(self.parameter.label).capitalize()
            return f"{name} {error}".rstrip(".") + "."
        return ""

    @property
    def is_mixed(self) -> bool:
        """Whether several targets with different values are shown."""
        return self._value is MIXED

    @property
    def none_text(self) -> str | None:
        """What ``None`` means here; ``None`` when it is not allowed."""
        return getattr(self.parameter.constraint, "none", None)

    def watch(self, widget: QWidget) -> None:
        """Count the visits of the focus, and let the wheel scroll the panel unless the field has it."""
        widget.installEventFilter(self)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self._visit += 1
        elif event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

"""Editors of parameters that hold other components: one, or several."""

from __future__ import annotations

import difflib
import inspect
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QComboBox, QCompleter, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from designer.panels.form.curve import CurveView, curve_icon
from designer.panels.form.edit import MIXED, Edit
from designer.panels.form.editor import LEAVING, UNSET, Editor, FormMaker
from designer.panels.form.formula_line import has_formula
from designer.panels.form.limits import teaching
from designer.panels.form.start import first_value
from designer.text import tr
from designer.theme import current_theme, set_invalid
from engine.catalogue.activations.base import Activation
from engine.component import Component, Parameter, Slot, parameters, registry
from engine.errors import LayerloomError

#: Titles wider than this do not fit beside the parameter's name (pixels).
COLUMN = 124
CURVE_SIZE = QSize(24, 18)


class Chooser(QComboBox):
    """A searchable list of the components of one kind."""

    def __init__(self, kind: str, none_text: str | None) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(16)
        self._kind = kind
        #: The theme in whose colours a row's icon was drawn.
        self._drawn: dict[int, str] = {}
        if none_text is not None:
            self.addItem(none_text, None)
        for cls in sorted(registry(kind), key=lambda member: tr(member.title).lower()):
            self.addItem(tr(cls.title), cls.key)
            self.setItemData(self.count() - 1, formula(cls), Qt.ItemDataRole.ToolTipRole)
        self.lineEdit().textEdited.connect(self.draw_icons)
        self.view().installEventFilter(self)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)

    @property
    def chosen(self) -> type[Component] | None:
        """The component whose name stands in the field."""
        key = self.currentData()
        return registry(self._kind).get(key) if isinstance(key, str) else None

    def draw_icons(self) -> None:
        """Give the rows of activations their curves in the theme's colours, once."""
        for row in range(self.count()):
            self._draw_icon(row)

    def _draw_icon(self, row: int) -> None:
        # Changing the current row writes its title into the field, over what is being written.
        if row != self.currentIndex() or self.currentText() == self.itemText(row):
            theme = current_theme().name
            key = self.itemData(row)
            cls = registry(self._kind).get(key) if isinstance(key, str) else None
            if cls is not None and issubclass(cls, Activation) and self._drawn.get(row) != theme:
                drawn = first_value(cls)
                assert isinstance(drawn, Activation)
                self._drawn[row] = theme
                self.setIconSize(CURVE_SIZE)
                self.setItemIcon(row, curve_icon(drawn, CURVE_SIZE))

    def showPopup(self) -> None:
        self.draw_icons()
        super().showPopup()

    def hidePopup(self) -> None:
        shown = self.view().isVisible()  # Qt also calls this when the whole field is hidden
        super().hidePopup()
        # The title of the row is no beginning of what may be written next.
        if shown and self.currentText() == self.itemText(self.currentIndex()):
            self.lineEdit().selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who writes while the list is open writes a name, in the place of the one that stands there."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self.view()
        if pressed and event.text().strip() and event.text().isprintable():
            self.hidePopup()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.lineEdit().selectAll()
            QApplication.sendEvent(self.lineEdit(), event)
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Drawn when first seen: most lists of a form are never opened.
        self._draw_icon(self.currentIndex())
        super().paintEvent(event)

    def longest(self) -> int:
        """Width of the longest title (pixels)."""
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0)

    def row_of(self, text: str) -> int:
        """The row that a written name means, -1 when none or several do.

        A whole name comes before one that begins so, and that before one that has it somewhere.
        """
        wanted = text.strip().lower().replace(" ", "_")
        spellings = [
            {str(self.itemData(row)).lower(), self.itemText(row).lower().replace(" ", "_")}
            for row in range(self.count())
        ]
        exact = [row for row, names in enumerate(spellings) if wanted in names]
        begun = [row for row, names in enumerate(spellings) if any(name.startswith(wanted) for name in names)]
        near = [row for row, names in enumerate(spellings) if any(wanted in name for name in names)]
        found = exact or begun or near
        return found[0] if len(found) == 1 and wanted else -1

    def nearest(self, text: str) -> str:
        """The title that is most like a written name, or else any."""
        titles = {self.itemText(row).lower(): self.itemText(row) for row in range(self.count())}
        near = difflib.get_close_matches(text.strip().lower(), titles, 1, 0.0)
        return titles[near[0]] if near else ""


def formula(cls: type[Component]) -> str:
    """The first line of a component's description, without the marks of its source code."""
    return (inspect.getdoc(cls) or "").partition("\n")[0].replace("``", "")


class SlotEditor(Editor):
    """Chooses a component by name; its own parameters follow indented under it."""

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__(parameter, name, make_form, depth)
        self._kind = str(getattr(parameter.constraint, "kind", ""))
        self.combo = Chooser(self._kind, self.none_text)
        self.combo.setObjectName(name)
        self.combo.setAccessibleName(tr(parameter.label))
        self.combo.activated.connect(self._chosen)
        #: Whether a click brought the focus and is still to come, and whether letting go opens the list.
        self._arrived = self._opens = False
        self._told = ""
        # A sentence that appears at once would move away what is being clicked.
        self._late = QTimer(self, singleShot=True, interval=LEAVING)
        self._late.timeout.connect(self._judge)
        field = self.combo.lineEdit()
        field.installEventFilter(self)
        # While names are offered, the list of them hands keys over past every filter.
        field.returnPressed.connect(self._judge)
        field.textEdited.connect(self._forget_told)
        self.watch(self.combo)
        self.wide = depth == 0 and self.combo.longest() > COLUMN
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo)
        self.below = Nest()
        self._class: type[Component] | None = None

    def focus_target(self) -> QWidget:
        return self.combo

    def tab_stops(self) -> list[QWidget]:
        assert isinstance(self.below, Nest)
        return [self.combo, *self.below.tab_stops()]

    def show_value(self, value: Any) -> None:
        self._late.stop()
        set_invalid(self.combo, False)
        if value is MIXED:
            self.combo.setCurrentIndex(-1)
            self.combo.lineEdit().setPlaceholderText(tr("several values"))
        else:
            self.combo.setCurrentIndex(self.combo.findData(value.key if isinstance(value, Component) else None))
            if isinstance(value, Component) and self.combo.currentIndex() < 0:
                self.combo.setEditText(tr(value.title))
        self.combo.lineEdit().setCursorPosition(0)
        self._nest(value)
        about = f"{tr(value.title)}: {formula(type(value))}\n\n" if isinstance(value, Component) else ""
        self.combo.setToolTip(about + teaching(self.parameter))

    def _nest(self, value: Any) -> None:
        assert isinstance(self.below, Nest)
        cls = type(value) if isinstance(value, Component) else None
        if cls is not self._class:
            self._class = cls
            form = None
            if cls is not None and parameters(cls):
                form = self._make_form(cls, self._name, self._depth + 1)
                form.edited.connect(self._edited_inside)
                form.dropped.connect(self.dropped)
            self.below.hold(form, isinstance(value, Activation) or has_formula(value))
        self.below.show_component(value)

    def forget(self) -> None:
        self._tell_dropped()
        super().forget()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._tell_dropped()

    def _tell_dropped(self) -> None:
        """Say once that a half-written name was not taken."""
        text = self.combo.currentText()
        if self._value is UNSET or text == self._told or not self._is_pending() or self.combo.row_of(text) >= 0:
            return
        self._told = text
        words = tr(
            "{name} stays as it was: \u201c{text}\u201d is not the name of one entry of its list.",
            name=tr(self.parameter.label).capitalize(),
            text=text,
        )
        self.dropped.emit(words + " " + tr("Click the field and choose one."))

    def _edited_inside(self, edit: Edit) -> None:
        self.edited.emit(edit)

    def refuse(self, sentence: str) -> None:
        set_invalid(self.combo, bool(sentence))
        super().refuse(sentence)

    def fault_of(self, value: Any) -> str:
        if not isinstance(value, str) or not super().fault_of(value):
            return super().fault_of(value)
        name = tr(self.parameter.label).capitalize()
        return tr("{name} must be an entry of its list, such as {near}; received \u201c{text}\u201d.",
                  name=name, near=self.combo.nearest(value), text=value)  # fmt: skip

    def offer(self, value: Any) -> None:
        set_invalid(self.combo, bool(self.fault_of(value)))
        super().offer(value)

    def _chosen(self, row: int) -> None:
        key = self.combo.itemData(row)
        current = self._value
        if isinstance(current, Component) and current.key == key:
            self.restore()  # the same again must not throw its parameters away
            return
        try:
            self.offer(None if key is None else first_value(registry(self._kind).get(key)))
        except LayerloomError as error:
            self.refuse(str(error))

    def _judge(self) -> None:
        """Take a written name."""
        self._late.stop()
        text = self.combo.currentText()
        if self.is_mixed and not text:
            return
        row = self.combo.row_of(text)
        if row >= 0:
            self._chosen(row)
        elif not (isinstance(self._value, Component) and text == tr(self._value.title)):
            self.offer(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.combo.lineEdit() and self._is_click(event):
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._judge()
                return True
            if event.key() == Qt.Key.Key_Escape and self._is_pending():
                self.restore()
                return True
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn:
            # Qt gives the focus first and the click after it.
            self._arrived = event.reason() == Qt.FocusReason.MouseFocusReason
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            # Opening its own list also takes the focus away; nothing has been decided then.
            popup = event.reason() == Qt.FocusReason.PopupFocusReason
            if not popup and self.combo.currentText() != self._shown():
                if self.combo.row_of(self.combo.currentText()) >= 0:
                    self._judge()
                else:
                    self._late.start()
        return super().eventFilter(watched, event)

    def _forget_told(self) -> None:
        self._told = ""

    def _is_click(self, event: QEvent) -> bool:
        """Open the list at the first click on the name; who wants to write inside it clicks once more."""
        field = self.combo.lineEdit()
        if event.type() == QEvent.Type.MouseButtonPress and (self._arrived or not field.hasFocus()):
            self._arrived, self._opens = False, True
            self.combo.setFocus(Qt.FocusReason.MouseFocusReason)
            field.selectAll()
            return True
        # Not before the button is let go: a list under a pressed button closes with it.
        if event.type() == QEvent.Type.MouseButtonRelease and self._opens:
            self._opens = False
            self.combo.showPopup()
            return True
        return False

    def _is_pending(self) -> bool:
        return bool(self.combo.property("invalid")) or self.combo.currentText() != self._shown()

    def _shown(self) -> str:
        if isinstance(self._value, Component):
            return tr(self._value.title)
        return "" if self._value is MIXED else (self.none_text or "")


class Nest(QFrame):
    """The indented place under a slot: the curve of an activation and the component's own form."""

    def __init__(self) -> None:
        super().__init__()
        self._form: Any = None
        self._curve: CurveView | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.hide()

    def hold(self, form: QWidget | None, with_curve: bool) -> None:
        """Take another form (and a curve, or not); the old one goes."""
        for old in (self._form, self._curve):
            if old is not None:
                self._layout.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._form, self._curve = form, CurveView() if with_curve else None
        for new in (self._curve, self._form):
            if new is not None:
                self._layout.addWidget(new)
                new.show()
        self.setVisible(form is not None or with_curve)

    def tab_stops(self) -> list[QWidget]:
        """The widgets of the form that Tab visits."""
        return [] if self._form is None else list(self._form.tab_stops())

    def show_component(self, value: Any) -> None:
        """Show a component's values."""
        if self._form is not None and isinstance(value, Component):
            self._form.set(value)
        if self._curve is not None and isinstance(value, Component):
            self._curve.set_activation(value)


def slot_parameter(parameter: Parameter, kind: str) -> Parameter:
    """The parameter of one member of a list of components."""
    return Parameter(kind, Slot(kind), None, False, parameter.help, False)

"""The editor of a parameter that holds several components, such as the metrics."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from designer.panels.form.edit import MIXED, Edit
from designer.panels.form.editor import Editor, FormMaker
from designer.panels.form.icon_button import IconButton
from designer.panels.form.limits import teaching
from designer.panels.form.slot import Chooser, SlotEditor, slot_parameter
from designer.panels.form.start import first_value
from designer.text import tr
from engine.catalogue.variables.base import Variable
from engine.component import Parameter, registry
from engine.errors import LayerloomError

#: Kinds of which a list may hold several of one class, and whose order counts.
ORDERED = frozenset({"callback"})


class SlotsEditor(Editor):
    """A list of components, each with its own form, and a field that adds one more."""

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__(parameter, name, make_form, depth)
        self._kind = str(getattr(parameter.constraint, "kind", ""))
        self._members: list[_Member] = []
        self.add = Chooser(self._kind, None)
        self.add.setObjectName(name)
        self.add.setAccessibleName(tr("Add to {name}", name=parameter.label))
        self.add.setToolTip(tr("Add one more: choose from the list or write its name.") + "\n\n" + teaching(parameter))
        self.add.lineEdit().setPlaceholderText(tr("add …"))
        self.add.activated.connect(lambda row: self._add(self.add.itemData(row)))
        self.watch(self.add)
        self.below = QWidget()
        self._list = QVBoxLayout(self.below)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.add)
        self._clear_add()

    def focus_target(self) -> QWidget:
        return self.add

    def tab_stops(self) -> list[QWidget]:
        stops: list[QWidget] = [self.add]
        for member in self._members:
            stops += [*member.slot.tab_stops(), *member.buttons]
        return stops

    def show_value(self, value: Any) -> None:
        members = () if value is MIXED or value is None else tuple(value)
        if len(members) != len(self._members):
            self._rebuild(len(members))
        for member, component in zip(self._members, members, strict=True):
            member.slot.set(component)
        self.add.lineEdit().setPlaceholderText(tr("several values") if value is MIXED else tr("add …"))
        self._clear_add()

    def _clear_add(self) -> None:
        self.add.setCurrentIndex(-1)
        self.add.setEditText("")

    def _rebuild(self, count: int) -> None:
        while len(self._members) > count:
            member = self._members.pop()
            self._list.removeWidget(member)
            member.hide()
            member.deleteLater()
        while len(self._members) < count:
            place = len(self._members)
            member = _Member(self.parameter, self._kind, f"{self._name}-{place}", self._make_form, self._depth)
            member.slot.edited.connect(lambda edit, place=place: self._edited(edit, place))
            member.slot.faulted.connect(self.faulted)
            member.slot.dropped.connect(self.dropped)
            member.remove.clicked.connect(lambda _checked=False, place=place: self._remove(place))
            if self._kind in ORDERED:
                member.add_raise(place > 0).clicked.connect(lambda _checked=False, place=place: self._raise(place))
            self._members.append(member)
            self._list.addWidget(member)
        assert self.below is not None
        self.below.setVisible(count > 0)

    def _edited(self, edit: Edit, place: int) -> None:
        self.edited.emit(edit.within(place))

    def _remove(self, place: int) -> None:
        self.offer(tuple(c for i, c in enumerate(self._value) if i != place))

    def _raise(self, place: int) -> None:
        members = list(self._value)
        members[place - 1 : place + 1] = members[place - 1 : place + 1][::-1]
        self.offer(tuple(members))

    def _add(self, key: Any) -> None:
        try:
            new = first_value(registry(self._kind).get(str(key)))
        except LayerloomError as error:
            self.refuse(str(error))
            return
        now = self._value if isinstance(self._value, tuple) else ()
        self._clear_add()
        if getattr(self.parameter.constraint, "repeats", False):
            # A second one needs a name of its own.
            self.offer((*now, new.beside(now) if isinstance(new, Variable) else new))
        elif self._kind in ORDERED or new.key not in [component.key for component in now]:
            self.offer((*now, new))


class _Member(QWidget):
    """One component of the list with its button to take it away."""

    def __init__(self, parameter: Parameter, kind: str, name: str, make_form: FormMaker, depth: int) -> None:
        super().__init__()
        self.slot = SlotEditor(slot_parameter(parameter, kind), name, make_form, depth)
        self.remove = IconButton("close", tr("Take this one off the list."), tr("Remove"))
        self.remove.setObjectName(f"{name}-remove")
        self.buttons: list[QWidget] = [self.remove]
        line = self._line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.slot, 1)
        line.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        assert self.slot.below is not None
        layout.addWidget(self.slot.below)

    def add_raise(self, possible: bool) -> IconButton:
        """A button that lets it change places with the one before."""
        button = IconButton("arrow-up", tr("Move it up: callbacks are called from the top down."), tr("Move up"))
        button.setObjectName(self.remove.objectName().replace("-remove", "-raise"))
        button.setEnabled(possible)
        self._line.insertWidget(1, button)
        self.buttons.insert(0, button)
        return button

"""Editors that choose: yes or no, one of a few words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from designer.panels.form.edit import MIXED
from designer.panels.form.editor import Editor, FormMaker
from designer.panels.form.limits import teaching
from designer.text import tr
from engine.component import Parameter
from engine.constraints import Choice


class FlagEditor(Editor):
    """A check box."""

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__(parameter, name, make_form, depth)
        self.box = QCheckBox()
        self.box.setObjectName(name)
        self.box.setToolTip(teaching(parameter))
        self.box.setAccessibleName(tr(parameter.label))
        self.box.setTristate(False)
        self.box.clicked.connect(self._clicked)
        self.watch(self.box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addStretch()

    def focus_target(self) -> QWidget:
        return self.box

    def show_value(self, value: Any) -> None:
        mixed = value is MIXED or value is None
        self.box.setTristate(mixed)
        state = Qt.CheckState.Checked if value is True else Qt.CheckState.Unchecked
        self.box.setCheckState(Qt.CheckState.PartiallyChecked if mixed else state)

    def _clicked(self) -> None:
        # From "several values" the first click goes to yes, whatever order Qt walks through.
        wanted = self._value is not True
        self.show_value(wanted)
        self.offer(wanted)

    def refuse(self, sentence: str) -> None:
        self.show_value(self._value)
        super().refuse(sentence)


class ChoiceEditor(Editor):
    """A list of words, each explained when the pointer rests on it."""

    def __init__(self, parameter: Parameter, name: str, make_form: FormMaker, depth: int = 0) -> None:
        super().__init__(parameter, name, make_form, depth)
        self.combo = QComboBox()
        self.combo.setObjectName(name)
        self.combo.setAccessibleName(tr(parameter.label))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(6)
        self._fill(parameter)
        self.combo.activated.connect(self._chosen)
        self.watch(self.combo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo)

    def _fill(self, parameter: Parameter) -> None:
        if self.none_text is not None:
            self.combo.addItem(self.none_text, None)
        rule = parameter.constraint
        for word, meaning in rule.options if isinstance(rule, Choice) else ():
            self.combo.addItem(word.replace("_", " "), word)
            self.combo.setItemData(self.combo.count() - 1, tr(meaning), Qt.ItemDataRole.ToolTipRole)
        self.combo.setPlaceholderText(tr("several values"))

    def focus_target(self) -> QWidget:
        return self.combo

    def show_value(self, value: Any) -> None:
        self.combo.setCurrentIndex(-1 if value is MIXED else self.combo.findData(value))
        meaning = self.combo.currentData(Qt.ItemDataRole.ToolTipRole)
        tip = teaching(self.parameter)
        self.combo.setToolTip(f"{self.combo.currentText()}: {meaning}\n\n{tip}" if meaning else tip)

    def refuse(self, sentence: str) -> None:
        self.show_value(self._value)
        super().refuse(sentence)

    def _chosen(self, index: int) -> None:
        self.offer(self.combo.itemData(index))

"""One line of a form: name, field, what belongs under it, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from designer.panels.form.editor import Editor
from designer.panels.form.limits import teaching
from designer.text import tr
from designer.theme import plain_label, set_kind
from engine.component import Parameter

#: Width of the names' column at depth 0, so that the fields of all forms stand in one column (pixels).
NAME_WIDTH = 116
#: Height of every field, so that lines keep one distance (pixels).
FIELD_HEIGHT = 30
#: How far nested forms are indented (pixels).
INDENT = 14


class Row(QWidget):
    """A parameter on the screen."""

    def __init__(self, parameter: Parameter, editor: Editor, depth: int) -> None:
        super().__init__()
        self.parameter = parameter
        self.editor = editor
        self.name = plain_label(tr(parameter.label).capitalize())
        self.name.setFixedWidth(NAME_WIDTH - INDENT * depth)
        self.name.setBuddy(editor.focus_target())
        self.name.setToolTip(teaching(parameter))
        set_kind(self.name, "muted")
        self.fault = plain_label("")
        self.fault.setObjectName(f"{editor.focus_target().objectName()}-fault")
        set_kind(self.fault, "error")
        self.fault.hide()
        editor.faulted.connect(self.show_fault)
        editor.focus_target().setMinimumHeight(FIELD_HEIGHT)
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()

    def _lay_out(self) -> None:
        line: QBoxLayout = QVBoxLayout() if self.editor.wide else QHBoxLayout()
        line.setSpacing(4 if self.editor.wide else 8)
        line.addWidget(self.name, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.editor, 0 if self.editor.wide else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.fault)
        if self.editor.below is not None:
            inner = QHBoxLayout()
            inner.setContentsMargins(INDENT, 0, 0, 0)
            inner.addWidget(self.editor.below)
            layout.addLayout(inner)

    def add_note(self, note: QWidget) -> None:
        """Put something that belongs to this field at the end of its line."""
        layout = self.layout()
        assert layout is not None
        layout.addWidget(note)

    def show_fault(self, sentence: str) -> None:
        """Explain what is wrong, or nothing."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

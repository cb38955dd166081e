"""Labels of the export window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from designer.theme import set_kind


def label(text: str, kind: str = "") -> QLabel:
    """A label that shows text as it is and breaks its lines."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if kind:
        set_kind(made, kind)
    return made

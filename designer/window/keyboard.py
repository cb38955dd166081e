"""Giving the keyboard back to where it was before something stood in front of it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def give_back(before: QWidget | None) -> None:
    """Let a widget have the keyboard again, unless it is gone or hidden by now."""
    # Panels are filled anew while something else is asked; then Python still holds what Qt has deleted.
    if before is not None and shiboken6.isValid(before) and before.isVisible():
        before.setFocus(Qt.FocusReason.OtherFocusReason)

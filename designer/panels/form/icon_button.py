"""A small button with an icon that follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QToolButton

from designer.icons import icon
from designer.theme import current_theme

#: The least height, so that an icon and the padding of the style sheet always have room (px).
LEAST = 26


class IconButton(QToolButton):
    """Shows an icon in the muted colour of the theme.

    Args:
        name: the icon.
        tip: the tooltip.
        spoken: what a screen reader says; the tooltip unless given.
    """

    def __init__(self, name: str, tip: str, spoken: str = "") -> None:
        super().__init__()
        self._name = ""
        self._theme = ""
        # Where a layout has too little height, Qt makes the icon smaller, and cannot paint it on nothing.
        self.setMinimumHeight(LEAST)
        self.setToolTip(tip)
        self.setAccessibleName(spoken or tip)
        self.set_icon(name)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        theme = current_theme()
        if (name, theme.name) != (self._name, self._theme):
            self._name, self._theme = name, theme.name
            self.setIcon(icon(name, theme.muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._name:
            self.set_icon(self._name)

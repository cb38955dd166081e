"""Light or dark: what is chosen, and the commands that choose."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from designer.theme import apply_theme, theme_choice
from designer.window.settings import remember


class Appearance:
    """The program's theme, remembered between two starts."""

    @property
    def is_system(self) -> bool:
        """Whether the theme follows the system."""
        return theme_choice() == "system"

    @property
    def is_light(self) -> bool:
        """Whether the light theme was chosen."""
        return theme_choice() == "light"

    @property
    def is_dark(self) -> bool:
        """Whether the dark theme was chosen."""
        return theme_choice() == "dark"

    def follow_system(self) -> None:
        """Light or dark, as the system is."""
        self._use("system")

    def use_light(self) -> None:
        """Dark text on light ground."""
        self._use("light")

    def use_dark(self) -> None:
        """Light text on dark ground."""
        self._use("dark")

    def _use(self, choice: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, choice)
        remember("theme", choice)

"""Icons by name, in the colours of the theme."""

from __future__ import annotations

import qtawesome
from PySide6.QtGui import QIcon

from designer.theme import current_theme

#: Shown where a declaration names an icon that the icon font does not have.
UNKNOWN = "mdi6.shape-outline"


def icon(name: str, color: str | None = None) -> QIcon:
    """A Material Design icon.

    Args:
        name: such as ``mdi6.play``; the prefix may be left out.
        color: ``#rrggbb``; the theme's text colour unless given.

    An icon keeps its colour, so ask again when the theme changes.
    """
    theme = current_theme()
    full = name if "." in name else f"mdi6.{name}"
    options = {"color": color or theme.text, "color_disabled": theme.disabled}
    try:
        return qtawesome.icon(full, **options)
    except Exception:  # qtawesome raises the bare class for an unknown name, which a plug-in may bring
        return qtawesome.icon(UNKNOWN, **options)

"""Every sentence on the screen passes here, so that it can be translated."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication

#: The translation context under which all texts are found.
CONTEXT = "Layerloom"


def tr(text: str, /, **values: object) -> str:
    """The text in the user's language, with ``{name}`` places filled in.

    Args:
        text: the English text; it is the key of the translation.
        values: what goes into the places; texts without places are returned as they are.
    """
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is: names of a stranger's file are never taken for markup."""
    return f"<span>{escape(text)}</span>".replace("\n", "<br/>") if text else ""

"""What happened and why, in a sentence for people."""

from __future__ import annotations

from designer.text import tr
from engine.errors import LayerloomError


def sentence(what: str, error: BaseException) -> str:
    """What did not work, and the reason.

    Args:
        what: a whole sentence.
        error: why.
    """
    if isinstance(error, LayerloomError):
        return f"{what} {error}"
    if isinstance(error, PermissionError):
        why = tr("There is no permission to use that place; choose another one.")
    elif isinstance(error, OSError) and error.strerror:
        why = tr("The system says: {reason}.", reason=error.strerror)
    elif isinstance(error, MemoryError):
        why = tr("There is not enough memory; close other programs and try again.")
    else:
        why = tr("An internal fault prevented it ({fault}); nothing on disk was changed.", fault=type(error).__name__)
    return f"{what} {why}"

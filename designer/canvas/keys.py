"""The keys of the canvas, as a table from keys to methods of the view (or of its parts)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NONE, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
#: Shift makes the arrows take larger steps.
_FAR = 8

_KEYS: dict[tuple[Qt.Key, Qt.KeyboardModifier], tuple[str, tuple[int, ...]]] = {
    (Qt.Key.Key_Delete, _NONE): ("delete", ()),
    (Qt.Key.Key_Backspace, _NONE): ("delete", ()),
    (Qt.Key.Key_Delete, _SHIFT): ("delete_only", ()),
    (Qt.Key.Key_Insert, _NONE): ("insert_layer", ()),
    (Qt.Key.Key_A, _SHIFT): ("insert_layer", ()),
    (Qt.Key.Key_L, _CTRL): ("arranging.arrange", ()),
    (Qt.Key.Key_C, _CTRL): ("copy", ()),
    (Qt.Key.Key_X, _CTRL): ("cut", ()),
    (Qt.Key.Key_V, _CTRL): ("paste", ()),
    (Qt.Key.Key_D, _CTRL): ("duplicate", ()),
    (Qt.Key.Key_G, _CTRL): ("groups.group", ()),
    (Qt.Key.Key_G, _CTRL | _SHIFT): ("groups.ungroup", ()),
    (Qt.Key.Key_E, _CTRL | _SHIFT): ("groups.fold", ()),
    (Qt.Key.Key_D, _CTRL | _SHIFT): ("repeating.ask", ()),
    (Qt.Key.Key_A, _CTRL): ("select_all", ()),
    (Qt.Key.Key_0, _CTRL): ("zoom_reset", ()),
    (Qt.Key.Key_F, _NONE): ("fit", ()),
    (Qt.Key.Key_Plus, _NONE): ("zoom_in", ()),
    (Qt.Key.Key_Equal, _NONE): ("zoom_in", ()),
    (Qt.Key.Key_Minus, _NONE): ("zoom_out", ()),
    (Qt.Key.Key_F2, _NONE): ("rename", ()),
    (Qt.Key.Key_C, _NONE): ("connect_by_keyboard", ()),
    (Qt.Key.Key_W, _NONE): ("share_weights", ()),
    (Qt.Key.Key_W, _SHIFT): ("own_weights", ()),
    (Qt.Key.Key_L, _NONE): ("freeze", ()),
    (Qt.Key.Key_N, _NONE): ("add_note", ()),
    (Qt.Key.Key_N, _SHIFT): ("notes.frame", ()),
    (Qt.Key.Key_Return, _NONE): ("edit_parameters", ()),
    (Qt.Key.Key_Enter, _NONE): ("edit_parameters", ()),
    (Qt.Key.Key_Left, _NONE): ("nudge", (-1, 0)),
    (Qt.Key.Key_Right, _NONE): ("nudge", (1, 0)),
    (Qt.Key.Key_Up, _NONE): ("nudge", (0, -1)),
    (Qt.Key.Key_Down, _NONE): ("nudge", (0, 1)),
    (Qt.Key.Key_Left, _SHIFT): ("nudge", (-_FAR, 0)),
    (Qt.Key.Key_Right, _SHIFT): ("nudge", (_FAR, 0)),
    (Qt.Key.Key_Up, _SHIFT): ("nudge", (0, -_FAR)),
    (Qt.Key.Key_Down, _SHIFT): ("nudge", (0, _FAR)),
    (Qt.Key.Key_Left, _ALT): ("walk", (-1, 0)),
    (Qt.Key.Key_Right, _ALT): ("walk", (1, 0)),
    (Qt.Key.Key_Up, _ALT): ("walk", (0, -1)),
    (Qt.Key.Key_Down, _ALT): ("walk", (0, 1)),
}


def command_for(event: QKeyEvent) -> tuple[str, tuple[int, ...]] | None:
    """The view's method, and its arguments, that a key calls."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if key == Qt.Key.Key_Plus:
        # It needs Shift on many keyboards.
        modifiers &= ~_SHIFT
    return _KEYS.get((key, modifiers))

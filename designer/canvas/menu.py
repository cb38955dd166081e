"""Context menus, made from one table; the same commands as the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtWidgets import QMenu, QWidget

from designer.icons import icon
from designer.text import tr


@dataclass(frozen=True)
class Entry:
    """One line of a menu.

    Attributes:
        command: method of the view; also the action's object name, ``menu-<command>``.
        text, keys, icon: as shown.
        kinds: under which kinds of spot it appears.
        help: what it does, for the status bar and the tooltip.
        apart: whether a line separates it from the entries above.
        enabled, checked: dotted paths of properties of the view: whether it can be done now, and whether it is so.
    """

    command: str
    text: str
    keys: str
    icon: str
    kinds: tuple[str, ...]
    help: str
    apart: bool = False
    enabled: str = ""
    checked: str = ""


_NODE, _WIRE, _GROUND = ("node", "input", "output"), ("wire",), ("nothing",)
_MANY = (*_NODE, "group")
# fmt: off
ENTRIES = (
    Entry("edit_parameters", "Edit parameters", "Enter", "mdi6.tune-variant", _NODE, "Go to the layer's form."),
    Entry("rename", "Rename", "F2", "mdi6.pencil-outline", _NODE, "Give the layer a name of your own."),
    Entry("connect_by_keyboard", "Connect to …", "C", "mdi6.vector-line", _NODE,
          "Begin a wire here: Tab chooses where it ends, Enter connects."),
    Entry("copy", "Copy", "Ctrl+C", "mdi6.content-copy", _MANY, "Copy the selected layers and their wires.", True),
    Entry("cut", "Cut", "Ctrl+X", "mdi6.content-cut", _MANY, "Copy the selected layers, then delete them."),
    Entry("duplicate", "Duplicate", "Ctrl+D", "mdi6.content-duplicate", _MANY, "Put a copy beside the original."),
    Entry("share_weights", "Share weights with …", "W", "mdi6.link-variant", _NODE,
          "Use the weights of another layer of this kind: both compute the same and learn together.", True,
          enabled="weights.are_any"),
    Entry("own_weights", "Use own weights", "Shift+W", "mdi6.link-variant-off", _NODE,
          "End the sharing; the layer begins with what was learnt together.", enabled="weights.are_shared"),
    Entry("freeze", "Freeze weights", "L", "mdi6.lock-outline", _MANY,
          "Training leaves frozen weights as they are (trainable=False). Once more trains them again.",
          enabled="weights.are_any", checked="weights.are_frozen"),
    Entry("unwire", "Remove wires", "", "mdi6.link-off", _NODE, "Disconnect the selected layers.", True),
    Entry("delete", "Delete", "Del", "mdi6.trash-can-outline", (*_MANY, *_WIRE), "Delete what is selected."),
    Entry("paste_here", "Paste here", "", "mdi6.content-paste", _GROUND, "Put the copied layers at this place."),
    Entry("select_all", "Select all", "Ctrl+A", "mdi6.select-all", _GROUND, "Select every layer and wire."),
    Entry("fit", "Fit to view", "F", "mdi6.fit-to-page-outline", _GROUND, "Show the whole network.", True),
    Entry("zoom_reset", "Actual size", "Ctrl+0", "mdi6.magnify", _GROUND, "Show everything at 100 %."),
)
# fmt: on


def canvas_menu(view: QWidget, kind: str) -> QMenu:
    """The menu for what lies under the pointer; its entries call methods of the view."""
    menu = QMenu(view)
    menu.setObjectName("canvas-menu")
    menu.setToolTipsVisible(True)
    for entry in ENTRIES:
        if kind in entry.kinds:
            if entry.apart and menu.actions():
                menu.addSeparator()
            label = tr(entry.text) + (f"\t{entry.keys}" if entry.keys else "")
            action = menu.addAction(icon(entry.icon), label)
            action.setObjectName(f"menu-{entry.command}")
            action.setToolTip(tr(entry.help))
            if entry.enabled:
                action.setEnabled(bool(attrgetter(entry.enabled)(view)))
            if entry.checked:
                action.setCheckable(True)
                action.setChecked(bool(attrgetter(entry.checked)(view)))
            action.triggered.connect(getattr(view, entry.command))
    return menu


def choice_menu(view: QWidget, names: Mapping[str, str], choose: Callable[[str], None]) -> QMenu:
    """A menu of layers to choose one from.

    Args:
        view: its parent.
        names: what is shown, by id.
        choose: called with the id.
    """
    menu = QMenu(view)
    menu.setObjectName("canvas-choice")
    menu.setToolTipsVisible(True)
    for key, name in names.items():
        action = menu.addAction(icon("mdi6.link-variant"), name)
        action.setToolTip(tr("Use the weights of '{name}'.", name=name))
        action.triggered.connect(lambda _checked=False, key=key: choose(key))
    menu.setActiveAction(menu.actions()[0])
    return menu

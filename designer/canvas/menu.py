"""Context menus, made from one table; the same commands as the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtWidgets import QMenu, QWidget

from designer.icons import icon
from designer.text import plain_tip, tr
from engine.sketch import COLOURS


@dataclass(frozen=True)
class Entry:
    """One line of a menu.

    Attributes:
        command: dotted path of a method of the view; also the action's object name, ``menu-<command>``.
        text, keys, icon: as shown.
        kinds: under which kinds of spot it appears.
        help: what it does, for the status bar and the tooltip.
        apart: whether a line separates it from the entries above.
        submenu: title of the menu within the menu in which it stands; empty for the menu itself.
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
    submenu: str = ""


_NODE, _WIRE, _GROUND = ("node", "input", "output"), ("wire",), ("nothing",)
_MANY, _NOTES = (*_NODE, "group"), ("note", "frame")
_PLACED = (*_MANY, *_NOTES)
_SEVERAL, _THREE = "arranging.can_align", "arranging.can_distribute"
# fmt: off
#: Ways to align: method, text, icon, help, and when it is possible.
ALIGNMENTS = (
    ("align_left", "Align left", "align-horizontal-left", "Bring the selected layers to the leftmost.", _SEVERAL),
    ("align_centre", "Align centres", "align-horizontal-center", "Bring their middles onto one line.", _SEVERAL),
    ("align_right", "Align right", "align-horizontal-right", "Bring the selected layers to the rightmost.", _SEVERAL),
    ("align_top", "Align top", "align-vertical-top", "Bring the selected layers to the uppermost.", _SEVERAL),
    ("align_middle", "Align middles", "align-vertical-center", "Bring their middles onto one level.", _SEVERAL),
    ("align_bottom", "Align bottom", "align-vertical-bottom", "Bring the selected layers to the lowest.", _SEVERAL),
    ("distribute_across", "Distribute across", "align-horizontal-distribute",
     "Give the selected layers equal distances from left to right; the outermost stay.", _THREE),
    ("distribute_down", "Distribute down", "align-vertical-distribute",
     "Give the selected layers equal distances from top to bottom; the outermost stay.", _THREE),
)
ENTRIES = (
    Entry("notes.edit_chosen", "Edit the text", "F2", "mdi6.pencil-outline", _NOTES,
          "Write the note or the frame's title anew.", enabled="notes.is_one_chosen"),
    *(Entry(f"notes.paint_{colour}", colour.capitalize(), "", "mdi6.palette-outline", _NOTES,
            "Give the selected notes and frames this colour.", enabled="notes.are_chosen", submenu="Colour")
      for colour in COLOURS),
    Entry("edit_parameters", "Edit parameters", "Enter", "mdi6.tune-variant", _NODE, "Go to the layer's form."),
    Entry("rename", "Rename", "F2", "mdi6.pencil-outline", _NODE, "Give the layer a name of your own."),
    Entry("connect_by_keyboard", "Connect to …", "C", "mdi6.vector-line", _NODE,
          "Begin a wire here: Tab chooses where it ends, Enter connects."),
    Entry("copy", "Copy", "Ctrl+C", "mdi6.content-copy", _PLACED, "Copy what is selected, with its wires.", True),
    Entry("cut", "Cut", "Ctrl+X", "mdi6.content-cut", _PLACED, "Copy what is selected, then delete it."),
    Entry("duplicate", "Duplicate", "Ctrl+D", "mdi6.content-duplicate", _PLACED, "Put a copy beside the original."),
    Entry("share_weights", "Share weights with …", "W", "mdi6.link-variant", _NODE,
          "Use the weights of another layer of this kind: both compute the same and learn together.", True,
          enabled="weights.are_any"),
    Entry("own_weights", "Use own weights", "Shift+W", "mdi6.link-variant-off", _NODE,
          "End the sharing; the layer begins with what was learnt together.", enabled="weights.are_shared"),
    Entry("freeze", "Freeze weights", "L", "mdi6.lock-outline", _MANY,
          "Training leaves frozen weights as they are (trainable=False). Once more trains them again.",
          enabled="weights.are_any", checked="weights.are_frozen"),
    Entry("groups.group", "Group layers …", "Ctrl+G", "mdi6.group", _MANY,
          "Frame the selected layers as one thing with a name of its own.", True, enabled="groups.can_group"),
    Entry("groups.ungroup", "Ungroup", "Ctrl+Shift+G", "mdi6.ungroup", _MANY,
          "Take the frame away; the layers stay.", enabled="groups.can_ungroup"),
    Entry("groups.fold", "Fold or unfold", "Ctrl+Shift+E", "mdi6.unfold-less-horizontal", ("group",),
          "Show the group as one card, or its layers again. Its triangle does the same."),
    Entry("repeating.ask", "Repeat block …", "Ctrl+Shift+D", "mdi6.repeat", ("group",),
          "Let copies of it follow each other, each with weights of its own; or change how many there are."),
    Entry("blocks.keep", "Keep block in library …", "", "mdi6.archive-plus-outline", ("group",),
          "Put it under 'My blocks' of the palette, for use in every project."),
    Entry("rename", "Rename", "F2", "mdi6.pencil-outline", ("group",), "Give the group another name."),
    Entry("unwire", "Remove wires", "", "mdi6.link-off", _NODE, "Disconnect the selected layers.", True),
    Entry("delete", "Delete", "Del", "mdi6.trash-can-outline", (*_PLACED, *_WIRE),
          "Delete what is selected. What came before a layer goes on to what came after it."),
    Entry("delete_only", "Delete, leave the gap", "Shift+Del", "mdi6.delete-empty-outline", _MANY,
          "Delete the selected layers with all their wires; what was around them stays unconnected."),
    Entry("arranging.arrange", "Arrange", "Ctrl+L", "mdi6.file-tree-outline", (*_MANY, *_GROUND),
          "Draw the network anew, row below row; of several selected layers only these.", True,
          enabled="arranging.can_arrange"),
    *(Entry(f"arranging.{command}", text, "", f"mdi6.{icon}", _MANY, help, enabled=enabled, submenu="Align")
      for command, text, icon, help, enabled in ALIGNMENTS),
    Entry("offer_here", "Add a layer here …", "", "mdi6.plus-box-outline", _GROUND,
          "Find a layer by its name and put it at this place. A double-click does the same.", True),
    Entry("add_note_here", "Write a note here …", "", "mdi6.note-plus-outline", _GROUND,
          "Put a text for yourself and others on the canvas; it changes nothing in the network."),
    Entry("notes.frame", "Frame around these", "Shift+N", "mdi6.border-outside", _NODE,
          "Put a frame with a title behind the selected layers; dragging its title moves them all."),
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
    inner: dict[str, QMenu] = {}
    for entry in ENTRIES:
        if kind in entry.kinds:
            if entry.apart and menu.actions():
                menu.addSeparator()
            place = menu
            if entry.submenu:
                place = inner.get(entry.submenu) or _menu_in(menu, entry)
                inner[entry.submenu] = place
            _add(place, entry, view)
    return menu


def _menu_in(menu: QMenu, entry: Entry) -> QMenu:
    made = menu.addMenu(icon(entry.icon), tr(entry.submenu))
    made.setToolTipsVisible(True)
    return made


def _add(menu: QMenu, entry: Entry, view: QWidget) -> None:
    """Add an entry's line to a menu."""
    label = tr(entry.text) + (f"\t{entry.keys}" if entry.keys else "")
    action = menu.addAction(icon(entry.icon), label)
    action.setObjectName(f"menu-{entry.command}")
    action.setToolTip(tr(entry.help))
    if entry.enabled:
        action.setEnabled(bool(attrgetter(entry.enabled)(view)))
    if entry.checked:
        action.setCheckable(True)
        action.setChecked(bool(attrgetter(entry.checked)(view)))
    action.triggered.connect(attrgetter(entry.command)(view))


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
        action.setToolTip(plain_tip(tr("Use the weights of '{name}'.", name=name)))
        action.triggered.connect(lambda _checked=False, key=key: choose(key))
    menu.setActiveAction(menu.actions()[0])
    return menu

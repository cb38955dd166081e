"""Everything one can command, as one table; menus, toolbar and the overview of keys are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from designer.canvas.menu import ALIGNMENTS


@dataclass(frozen=True)
class Command:
    """One row of the table.

    Attributes:
        id: object name of the action.
        text: in the menu; the ampersand marks its key there.
        icon: name of the icon.
        keys: shortcuts with blanks between them, the first being the one that is shown.
        handler: dotted path from the window, such as ``files.save``.
        tip: teaches what happens.
        enabled: dotted path of a property of the window that tells whether it can be done now.
        checked: dotted path of a property; makes the action checkable.
        local: its keys work only while the canvas has the keyboard, so that fields keep them.
        short: label in the toolbar; the text without its ampersand unless given.
    """

    id: str
    text: str
    icon: str
    keys: str
    handler: str
    tip: str
    enabled: str = ""
    checked: str = ""
    local: bool = False
    short: str = ""


# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("new", "&New …", "file-plus-outline", "Ctrl+N", "files.new",
            "Begin another project: empty, or from an example.", short="New"),
    Command("open", "&Open …", "folder-open-outline", "Ctrl+O", "files.open",
            "Open a project, which is a folder NAME.loom. Dropping it on the window does the same.", short="Open"),
    Command("save", "&Save", "content-save-outline", "Ctrl+S", "files.save",
            "Save network, settings, weights and curves; works during training too."),
    Command("save-as", "Save &as …", "content-save-edit-outline", "Ctrl+Shift+S", "files.save_as",
            "Save under another name and go on there."),
    Command("export", "&Export …", "export-variant", "Ctrl+E", "giving.open",
            "Give the trained network away: ONNX, Keras, PyTorch, a NumPy script. Each is checked after writing."),
    Command("import", "&Import a model …", "import", "Ctrl+Shift+I", "importing.ask",
            "Take in a model that Keras saved (.keras, .h5), with its weights. Dropping it on the window does it too."),
    Command("save-picture", "Save a &picture …", "image-outline", "", "picturing.ask",
            "Save the whole network as a picture (PNG) or as a drawing that stays sharp (SVG, PDF).",
            enabled="picturing.is_possible"),
    Command("versions", "Earlier &versions …", "history", "", "files.versions",
            "Open one of the saves before the last one.", enabled="has_folder"),
    Command("compare", "&Compare with …", "compare-horizontal", "", "comparing.ask",
            "Mark and list what differs from a save, from what was trained, or from another project."),
    Command("quit", "&Quit", "exit-to-app", "Ctrl+Q", "close",
            "Close Layerloom; unsaved work is asked about."),
    Command("undo", "&Undo", "undo", "Ctrl+Z", "document.undo",
            "Take the last change back.", enabled="can_undo"),
    Command("redo", "&Redo", "redo", "Ctrl+Shift+Z Ctrl+Y", "document.redo",
            "Do again what was taken back.", enabled="can_redo"),
    Command("cut", "Cu&t", "content-cut", "Ctrl+X", "canvas.cut",
            "Move the selected layers and notes to the clipboard.", enabled="selection.has_places", local=True),
    Command("copy", "&Copy", "content-copy", "Ctrl+C", "canvas.copy",
            "Copy the selected layers, the wires among them, and notes.", enabled="selection.has_places", local=True),
    Command("paste", "&Paste", "content-paste", "Ctrl+V", "canvas.paste",
            "Put copied layers and notes on the canvas, also of another window, or Keras and PyTorch code as layers.",
            local=True),
    Command("paste-code", "La&yers from code …", "code-braces", "Ctrl+Shift+V", "pasting.ask",
            "Turn Keras or PyTorch code into layers: Sequential, functional models, nn.Sequential. It is never run."),
    Command("copy-picture", "Copy a&s picture", "image-multiple-outline", "Ctrl+Alt+C", "picturing.copy",
            "Put a picture of the whole network on the clipboard, to be pasted into a text or a mail.",
            enabled="picturing.is_possible"),
    Command("duplicate", "&Duplicate", "content-duplicate", "Ctrl+D", "canvas.duplicate",
            "Put a copy of the selected layers and notes beside them.", enabled="selection.has_places", local=True),
    Command("delete", "De&lete", "trash-can-outline", "Delete Backspace", "canvas.delete",
            "Delete the selected layers, wires and notes. What came before a layer goes on to what came after it.",
            enabled="has_selection", local=True),
    Command("delete-only", "Delete, lea&ve the gap", "delete-empty-outline", "Shift+Delete", "canvas.delete_only",
            "Delete the selected layers with all their wires; what was around them stays unconnected.",
            enabled="has_selected_nodes", local=True),
    Command("insert-layer", "&Insert a layer …", "plus-box-outline", "Ins Shift+A", "canvas.insert_layer",
            "Choose a layer that comes after the selected one. A double-click on empty ground chooses one for there.",
            local=True),
    Command("add-note", "Write a not&e …", "note-plus-outline", "N", "canvas.add_note",
            "Put a text for yourself and others on the canvas; it changes nothing in the network.", local=True),
    Command("add-frame", "Fra&me around these", "border-outside", "Shift+N", "canvas.notes.frame",
            "Put a frame with a title behind the selected layers; dragging its title moves them all.",
            enabled="selection.has_places", local=True),
    Command("arrange", "Arran&ge", "file-tree-outline", "Ctrl+L", "canvas.arranging.arrange",
            "Draw the network anew, row below row; of several selected layers only these.",
            enabled="canvas.arranging.can_arrange", local=True),
    *(Command(command.replace("_", "-"), text, icon, "", f"canvas.arranging.{command}", tip,
              enabled=f"canvas.{possible}", local=True) for command, text, icon, tip, possible in ALIGNMENTS),
    Command("share-weights", "Share &weights with …", "link-variant", "W", "canvas.share_weights",
            "Let the selected layer use another one's weights: both compute the same. Several selected ones share.",
            enabled="canvas.weights.are_any", local=True),
    Command("own-weights", "Use &own weights", "link-variant-off", "Shift+W", "canvas.own_weights",
            "End the sharing; the layer begins with what was learnt together.",
            enabled="canvas.weights.are_shared", local=True),
    Command("freeze", "Free&ze weights", "lock-outline", "L", "canvas.freeze",
            "Let training leave the selected layers' weights as they are (trainable=False), or train them again.",
            enabled="canvas.weights.are_any", checked="canvas.weights.are_frozen", local=True),
    Command("group", "&Group layers …", "group", "Ctrl+G", "canvas.groups.group",
            "Make the selected layers one thing with a name; a frame shows it. A slash in the name nests groups.",
            enabled="canvas.groups.can_group", local=True),
    Command("ungroup", "&Ungroup", "ungroup", "Ctrl+Shift+G", "canvas.groups.ungroup",
            "Dissolve the selected groups, or the one around the selected layer; the layers stay.",
            enabled="canvas.groups.can_ungroup", local=True),
    Command("fold", "&Fold or unfold the group", "unfold-less-horizontal", "Ctrl+Shift+E", "canvas.groups.fold",
            "Show the selected group as one card; once more shows its layers. Its triangle does the same.",
            enabled="canvas.groups.can_ungroup", local=True),
    Command("unfold-all", "Unfold &all groups", "unfold-more-horizontal", "", "canvas.groups.unfold_all",
            "Show the layers of every group.", enabled="canvas.groups.can_unfold", local=True),
    Command("repeat", "&Repeat the block …", "repeat", "Ctrl+Shift+D", "canvas.repeating.ask",
            "Let copies of the selected block follow each other, each with weights of its own; or change their number.",
            enabled="has_selected_nodes", local=True),
    Command("keep-block", "&Keep the block in the library …", "archive-plus-outline", "", "canvas.blocks.keep",
            "Put the selected layers under 'My blocks' of the palette, from where they go into every project.",
            enabled="has_selected_nodes", local=True),
    Command("select-all", "Select &all", "select-all", "Ctrl+A", "canvas.select_all",
            "Select every layer, wire and note.", local=True),
    Command("find-layer", "&Find a layer", "magnify", "Ctrl+F", "find_layer",
            "Go to the palette's search field; Enter there puts the found layer on the canvas."),
    Command("search-network", "Search the &network …", "feature-search-outline", "Ctrl+Shift+F", "aids.search.open",
            "Find layers of the network by name, type or parameter, such as units=500 or relu; Enter goes on."),
    Command("prompt", "&Commands …", "console-line", "Ctrl+K Ctrl+Shift+P", "aids.prompt.open",
            "Everything that can be done, layers here and layers to add: a few letters find it, Enter does it."),
    Command("fit", "&Fit the network", "fit-to-page-outline", "F", "canvas.fit",
            "Show the network large enough to be read; once more shows all of it.", local=True, short="Fit"),
    Command("zoom-in", "Zoom &in", "magnify-plus-outline", "+ =", "canvas.zoom_in",
            "Come closer. The mouse wheel does the same.", local=True),
    Command("zoom-out", "Zoom &out", "magnify-minus-outline", "-", "canvas.zoom_out",
            "Step back. The mouse wheel does the same.", local=True),
    Command("zoom-reset", "&Actual size", "magnify", "Ctrl+0", "canvas.zoom_reset",
            "Show everything at 100 %.", local=True),
    Command("see-table", "Net&work as a table", "table", "Ctrl+Shift+L", "survey.show_overview",
            "All layers with type, shape, parameters, memory, time and connections; sort, filter and copy them."),
    Command("see-problems", "Pro&blems and advice", "alert-circle-check-outline", "Ctrl+Shift+M",
            "survey.show_problems", "Everything that is wrong or could be better, with buttons that mend it."),
    Command("minimap", "Small &map", "map-outline", "", "aids.toggle_map",
            "While the network does not fit into the view, show all of it small in the corner.",
            checked="aids.map_is_wanted"),
    Command("bookmark", "Boo&kmark this view …", "bookmark-plus-outline", "Ctrl+B", "aids.bookmarks.add",
            "Keep this place and zoom under a name; the menu of bookmarks and Ctrl+1, Ctrl+2 … come back to it."),
    Command("history", "Undo &history", "history", "Ctrl+Shift+H", "aids.show_history",
            "List every step of the editing; a click goes back or forward to it."),
    Command("reset-layout", "&Reset the window's layout", "view-quilt-outline", "", "reset_layout",
            "Put every panel back to where it stood at first; forget how far and where you looked in your projects."),
    Command("theme-system", "Theme of the &system", "theme-light-dark", "", "appearance.follow_system",
            "Light or dark, as the system is.", checked="appearance.is_system"),
    Command("theme-light", "&Light theme", "white-balance-sunny", "", "appearance.use_light",
            "Dark text on light ground.", checked="appearance.is_light"),
    Command("theme-dark", "&Dark theme", "weather-night", "", "appearance.use_dark",
            "Light text on dark ground.", checked="appearance.is_dark"),
    Command("train", "&Train, pause, go on", "play", "Ctrl+T", "training.toggle",
            "Start training, wait between two batches, or go on."),
    Command("see-inside", "See &inside", "eye-outline", "Ctrl+I", "see_inside",
            "See what the network sees in a sample, also while it learns; once more gives the canvas its room back."),
    Command("see-results", "See &results", "table-large", "Ctrl+R", "see_results",
            "Figures, confusion matrix and its samples; answers for files of your own. Again: give the room back."),
    Command("stop", "&Stop", "stop", "Ctrl+.", "training.stop",
            "End training after the current batch. What was learnt stays.", enabled="is_training"),
    Command("next-problem", "&Next problem", "skip-next-outline", "F8", "obstacles.next",
            "Go to what stands in the way of training, one after another, the worst first."),
    Command("previous-problem", "&Previous problem", "skip-previous-outline", "Shift+F8", "obstacles.previous",
            "Go back to the problem before."),
    Command("what", "&What is this?", "help-circle-outline", "F1 Shift+F1", "explaining.ask",
            "Explain the selected layer, or what has the keyboard; everything there is can be searched."),
    Command("guide", "&Tour of the window", "map-marker-path", "", "guide.start",
            "Six cards tell what is where; Esc leaves them at any time."),
    Command("keys", "&Keys", "keyboard-outline", "Ctrl+F1 ?", "show_keys",
            "Show all keys."),
    Command("about", "&About Layerloom", "information-outline", "", "show_about",
            "Version and licences."),
)
# fmt: on

#: Menus by title: groups of commands with separators between them; ``recent`` and ``docks`` are menus of their own.
MENUS: dict[str, tuple[tuple[str, ...], ...]] = {
    "&File": (
        ("new", "open", "@recent"),
        ("save", "save-as", "versions", "compare"),
        ("import", "export", "save-picture"),
        ("quit",),
    ),
    "&Edit": (
        ("undo", "redo"),
        ("cut", "copy", "copy-picture", "paste", "paste-code", "duplicate", "delete", "delete-only"),
        ("share-weights", "own-weights", "freeze"),
        ("insert-layer", "add-note", "add-frame"),
        ("arrange", "@align", "@groups"),
        ("select-all", "find-layer", "search-network"),
    ),
    "&View": (
        ("prompt",),
        ("fit", "zoom-in", "zoom-out", "zoom-reset", "minimap"),
        ("bookmark", "@bookmarks"),
        ("see-table", "see-problems"),
        ("theme-system", "theme-light", "theme-dark"),
        ("@docks", "history", "reset-layout"),
    ),
    "&Run": (("train", "stop"), ("see-inside", "see-results"), ("next-problem", "previous-problem")),
    "&Help": (("what", "guide"), ("keys", "about")),
}

#: Menus within menus, by the name that ``MENUS`` has with an ``@``: title, icon, groups of commands.
SUBMENUS: dict[str, tuple[str, str, tuple[tuple[str, ...], ...]]] = {
    "groups": ("Groups", "group", (("group", "ungroup"), ("fold", "unfold-all"), ("repeat", "keep-block"))),
    "align": (
        "Align",
        "align-horizontal-left",
        (
            ("align-left", "align-centre", "align-right"),
            ("align-top", "align-middle", "align-bottom"),
            ("distribute-across", "distribute-down"),
        ),
    ),
}

#: Why a command is not possible now, by the property that tells so.
REASONS: dict[str, str] = {
    "can_undo": "There is no step to take back.",
    "can_redo": "Nothing was taken back.",
    "has_selected_nodes": "Select a layer first.",
    "selection.has_places": "Select a layer or a note first.",
    "has_selection": "Select a layer, a wire or a note first.",
    "has_folder": "The project was not saved yet.",
    "is_training": "Nothing is being trained.",
    "picturing.is_possible": "The network is empty: add a layer first.",
    "canvas.weights.are_any": "Select a layer with weights first.",
    "canvas.weights.are_shared": "Select a layer that uses the weights of another one first.",
    "canvas.arranging.can_arrange": "There are no two layers to arrange.",
    "canvas.groups.can_group": "Select two layers or more first.",
    "canvas.groups.can_ungroup": "Select a group, or a layer in one, first.",
    "canvas.groups.can_unfold": "No group is folded.",
    "canvas.arranging.can_align": "Select several layers first.",
    "canvas.arranging.can_distribute": "Select three layers or more first.",
}

#: The toolbar: groups of commands with separators between them.
TOOLBAR: tuple[tuple[str, ...], ...] = (("new", "open", "save"), ("undo", "redo"), ("delete", "fit"))

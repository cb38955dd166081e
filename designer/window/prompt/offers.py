"""What there is to be offered: commands, panels, layers of the network, layers to add."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence

from designer.canvas.menu import ENTRIES, Entry
from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.searching import first_line
from designer.model.starting import offered
from designer.model.teaching import formula
from designer.panels.shape_words import title_of
from designer.text import tr
from designer.theme import current_theme
from designer.window.actions import Actions
from designer.window.commands import COMMANDS, MENUS, REASONS, SUBMENUS
from designer.window.docks import DOCKS
from designer.window.prompt.offer import Offer

#: Ranks: what works on the whole before what is one of many.
COMMAND, PANEL, NODE, NEW = range(4)
#: Characters of a note that are told.
_DETAIL = 160
_OWN_WORD = ("undo", "redo")  # found by nothing else, so that the name of a layer never takes a step back
#: The prompt does not offer itself, nor what needs a place under the pointer.
_LEFT_OUT = ("prompt", "paste_here", "offer_here", "add_note_here")


def commands(actions: Actions) -> Iterator[Offer]:
    """The commands of the menus, as they are named now."""
    titled = [*MENUS.items(), *((title, groups) for title, _, groups in SUBMENUS.values())]
    menus = {key: title for title, groups in titled for group in groups for key in group}
    for command in COMMANDS:
        if command.id in _LEFT_OUT:
            continue
        action = actions[command.id]
        able = action.isEnabled()
        yield Offer(
            id=f"command:{command.id}",
            text=plain(action.text()),
            detail=tr(command.tip),
            kind=plain(tr(menus.get(command.id, ""))),
            run=action.trigger,
            icon=command.icon,
            keys=_keys(action),
            reason="" if able else tr(REASONS.get(command.enabled, "This is not possible just now.")),
            rank=COMMAND,
            sought=plain(tr(command.text)) if command.id in _OWN_WORD else "",
        )


def canvas_entries(canvas: CanvasView) -> Iterator[Offer]:
    """What only the canvas's own menu has."""
    known = {command.handler for command in COMMANDS}
    for entry in ENTRIES:
        if f"canvas.{entry.command}" in known or entry.command in _LEFT_OUT:
            continue
        known.add(f"canvas.{entry.command}")  # what layers and groups have alike is offered once
        needs = "nothing" not in entry.kinds
        able = (_is_chosen(canvas, entry) or not needs) and (
            not entry.enabled or bool(attrgetter(entry.enabled)(canvas))
        )
        yield Offer(
            id=f"canvas:{entry.command}",
            text=f"{tr(entry.submenu)}: {tr(entry.text)}" if entry.submenu else tr(entry.text),
            detail=tr(entry.help),
            kind=tr("Canvas"),
            run=attrgetter(entry.command)(canvas),
            icon=entry.icon,
            keys=entry.keys,
            reason="" if able else _needed(entry),
            rank=COMMAND,
        )


def _needed(entry: Entry) -> str:
    """What has to be selected first."""
    alone = "note" in entry.kinds and "node" not in entry.kinds
    return tr("Select a note or a frame first.") if alone else tr("Select a layer first.")


def _is_chosen(canvas: CanvasView, entry: Entry) -> bool:
    """Whether something is selected that an entry is for."""
    selection = canvas.selection
    chosen = {"node": selection.nodes, "group": selection.nodes, "wire": selection.edges, "note": selection.notes}
    return any(chosen[kind] for kind in entry.kinds if kind in chosen)


def panels(show: Callable[[str], object]) -> Iterator[Offer]:
    """The panels; choosing one brings it to the front and gives it the keyboard."""
    for place in DOCKS:
        yield Offer(
            id=f"panel:{place.id}",
            text=tr("Panel: {title}", title=tr(place.title)),
            detail=tr(place.tip),
            kind=tr("Panel"),
            run=lambda key=place.id: show(key),
            icon="dock-window",
            rank=PANEL,
        )


def nodes(document: Document, go: Callable[[str], object]) -> Iterator[Offer]:
    """The layers of the network, in the order in which data flow."""
    graph, theme = document.project.graph, current_theme()
    for key in graph.order:
        node = graph.nodes[key]
        layer = node.layer
        specs = document.inference.outputs.get(key, ())
        said = " · ".join(filter(None, (title_of(layer), layer.badge)))
        shapes = ", ".join(map(str, specs))
        yield Offer(
            id=f"node:{key}",
            text=tr("Go to {name}", name=node.name),
            detail=f"{said} → {shapes}" if shapes else said,
            kind=tr("Layer here"),
            run=lambda key=key: go(key),
            icon=layer.icon,
            color=theme.category(layer.category),
            rank=NODE,
        )


def notes(document: Document, go: Callable[[str], object]) -> Iterator[Offer]:
    """The notes and frames on the canvas, by what is written in them."""
    for note in document.project.sketch.notes:
        first = first_line(note.text)
        if first:
            yield Offer(
                id=f"note:{note.key}",
                text=tr("Go to the frame {text}" if note.frame else "Go to the note {text}", text=first),
                detail=" ".join(note.text.split())[:_DETAIL],
                kind=tr("Note"),
                run=lambda key=note.key: go(key),
                icon="border-outside" if note.frame else "note-text-outline",
                rank=NODE,
            )


def bookmarks(document: Document, go: Callable[[str], object]) -> Iterator[Offer]:
    """The places of the canvas that have names."""
    for bookmark in document.project.sketch.bookmarks:
        yield Offer(
            id=f"bookmark:{bookmark.name}",
            text=tr("Go to the bookmark {name}", name=bookmark.name),
            detail=tr("Show the canvas as it was when '{name}' was made.", name=bookmark.name),
            kind=tr("Bookmark"),
            run=lambda name=bookmark.name: go(name),
            icon="bookmark-outline",
            rank=PANEL,
        )


def new_layers(canvas: CanvasView) -> Iterator[Offer]:
    """Every layer that can be put on the canvas."""
    theme = current_theme()
    for cls in sorted(offered(), key=lambda cls: tr(cls.title).casefold()):
        yield Offer(
            id=f"add:{cls.key}",
            text=tr("Add {name}", name=tr(cls.title)),
            detail=formula(cls),
            kind=tr(cls.category),
            run=lambda cls=cls: canvas.add_layer(cls),
            icon=cls.icon,
            color=theme.category(cls.category),
            rank=NEW,
        )


def plain(text: str) -> str:
    """A menu's text without the mark of its key."""
    return re.sub(r"&(.)", r"\1", text)


def _keys(action: QAction) -> str:
    keys = action.shortcuts()
    return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

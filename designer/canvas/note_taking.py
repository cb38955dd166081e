"""Writing notes and framing layers: the commands of the canvas that concern notes, each one undo step."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import replace
from functools import partialmethod

import shiboken6
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtWidgets import QWidget

from designer.canvas.fitting import READABLE
from designer.canvas.geometry import GRID, snapped
from designer.canvas.holding import place_of
from designer.canvas.note_field import NoteField
from designer.canvas.note_item import PAD, TITLE, height_of
from designer.canvas.rename_field import RenameField
from designer.canvas.stage import CanvasStage
from designer.text import tr
from designer.theme import current_theme
from engine.sketch import LARGEST, LONGEST_NOTE, MOST_NOTES, SMALLEST, Note, Sketch

#: A new note grows with its text up to this height.
_TALLEST = 480.0
#: Space between layers and the frame around them; above them there is just room for its title between two rows.
_AROUND, _ABOVE = 24.0, 12.0
#: Characters of a frame's title.
_TITLE_LIMIT = 120
#: The colour of a new frame.
_FRAME = "blue"


class NoteTaking:
    """What one can do with notes and frames.

    Args:
        stage: the canvas.
    """

    def __init__(self, stage: CanvasStage) -> None:
        self._stage = stage
        self._document, self._selection = stage.document, stage.selection
        self._field: QWidget | None = None
        self._place = QRectF()
        stage.zoom_changed.connect(self._follow)
        stage.horizontalScrollBar().valueChanged.connect(self._follow)
        stage.verticalScrollBar().valueChanged.connect(self._follow)

    @property
    def are_chosen(self) -> bool:
        """Whether notes or frames are selected."""
        return bool(self._selection.notes)

    @property
    def is_one_chosen(self) -> bool:
        """Whether exactly one note or frame is selected."""
        return self._selection.only_note is not None

    def add(self, at: QPointF) -> None:
        """Write a new note at a point of the scene; it becomes one when something is written."""
        if self._has_room():
            place = snapped(at)
            self._write(Note(self._sketch.fresh_key(), position=(place.x(), place.y())))

    def frame(self) -> None:
        """Put a frame around the selected layers and notes, and let its title be written."""
        found = self._stage.canvas.notes.rect(self._selection.notes)
        found = found.united(self._stage.canvas.rect_of(self._selection.nodes))
        if found.isEmpty():
            self._stage.say(tr("Select the layers that the frame shall go around."))
        elif self._has_room():
            place = snapped(found.topLeft() - QPointF(_AROUND, _ABOVE + TITLE))
            size = found.bottomRight() + QPointF(_AROUND, _AROUND) - place
            note = Note(
                self._sketch.fresh_key(), tr("Frame"), place.toTuple(), (_up(size.x()), _up(size.y())), _FRAME, True
            )
            self._edit(tr("Add a frame"), self._sketch.with_note(note))
            self._selection.set(notes=[note.key])
            self.edit(note.key)

    def edit_chosen(self) -> None:
        """Write the selected note anew, or the selected frame's title."""
        if self._selection.only_note is not None:
            self.edit(self._selection.only_note)

    def edit(self, key: str) -> None:
        """Write a note anew, or a frame's title."""
        note = self._sketch.note(key)
        if note is not None:
            self._selection.set(notes=[key])
            self._write(note)

    def paint(self, colour: str) -> None:
        """Give the selected notes and frames another colour."""
        sketch = self._sketch
        for note in sketch.notes:
            if note.key in self._selection.notes:
                sketch = sketch.with_note(replace(note, colour=colour))
        self._edit(tr("Colour a note"), sketch)

    paint_yellow = partialmethod(paint, "yellow")
    paint_blue = partialmethod(paint, "blue")
    paint_green = partialmethod(paint, "green")
    paint_pink = partialmethod(paint, "pink")
    paint_grey = partialmethod(paint, "grey")

    def reveal(self, key: str) -> None:
        """Bring a note into sight, large enough to be read."""
        note = self._sketch.note(key)
        if note is not None:
            self._show(place_of(note))

    # -- how it is done ----------------------------------------------------------------------------

    @property
    def _sketch(self) -> Sketch:
        return self._document.project.sketch

    def _edit(self, text: str, sketch: Sketch) -> None:
        self._document.edit(text, self._document.project.with_sketch(sketch))

    def _has_room(self) -> bool:
        if len(self._sketch.notes) < MOST_NOTES:
            return True
        text = tr("A project holds at most {most} notes and frames, and this one has them. Delete one first.",
                  most=f"{MOST_NOTES:,}")  # fmt: skip
        self._stage.say(text)
        return False

    def _show(self, place: QRectF) -> None:
        self._stage.zoom_to(max(self._stage.zoom, READABLE))
        self._stage.ensureVisible(place, 40, 40)

    def _write(self, note: Note) -> None:
        """Open the field that fits a note; frames have a line for their title."""
        self._stage.finish()
        self._place = place_of(note)
        if note.frame:
            self._place.setHeight(TITLE)
        self._show(self._place)
        viewport = self._stage.viewport()
        if note.frame:
            line = RenameField(viewport, QRect(), note.text, lambda text: self._keep(note, text), _TITLE_LIMIT)
            line.setToolTip(tr("The frame's title. Enter keeps it, Escape does not."))
            line.setAccessibleName(tr("Title of the frame"))
            self._field = line
        else:
            field = NoteField(viewport, note.text, LONGEST_NOTE, self._tell_full, lambda text: self._keep(note, text))
            self._dress(field, note)
            self._field = field
            field.show()
            field.setFocus()
        self._follow()

    def _dress(self, field: NoteField, note: Note) -> None:
        theme = current_theme()
        pixels = round(13 * self._stage.zoom)
        field.setStyleSheet(
            f"#note-field {{ background: {theme.notes[note.colour]}; color: {theme.text}; border-radius: 8px;"
            f" border: 2px solid {theme.accent}; font-size: {pixels}px; padding: 0; }}"
        )
        # Lines begin where those of the note do, and are broken where those are.
        field.document().setDocumentMargin(max(2.0, PAD * self._stage.zoom - 2))

    def _follow(self, _value: object = None) -> None:
        """Keep the field over its note."""
        if self._field is not None and shiboken6.isValid(self._field):
            place = self._stage.mapFromScene(self._place).boundingRect()
            place.setHeight(max(place.height(), 30))
            self._field.setGeometry(place)

    def _tell_full(self) -> None:
        self._stage.say(tr("A note holds at most {most} characters; the rest was left out.", most=f"{LONGEST_NOTE:,}"))

    def _keep(self, note: Note, written: str) -> None:
        """Take over what was written; a note without a word is none."""
        text, sketch = plain(written), self._sketch
        if len(text) > LONGEST_NOTE:  # tabs have become spaces
            text = text[:LONGEST_NOTE]
            self._tell_full()
        known = sketch.note(note.key)
        if known is not None and known != note:
            note = known  # it was moved or coloured meanwhile
        if not text.strip() and not note.frame:
            if known is not None:
                self._edit(tr("Delete a note"), sketch.without_notes([note.key]))
            return
        if known is not None:
            self._edit(tr("Write a note"), sketch.with_note(replace(note, text=text)))
        elif not note.frame:
            high = height_of(text, self._stage.canvas.painter, note.size[0], _TALLEST)
            size = (note.size[0], max(note.size[1], _up(high)))
            self._edit(tr("Add a note"), sketch.with_note(replace(note, text=text, size=size)))
            self._selection.set(notes=[note.key])


def plain(text: str) -> str:
    """A text without the characters that nobody sees: only ends of lines and what is printed."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(c for c in kept if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).rstrip()


def _up(length: float) -> float:
    """A length up to the next line of the grid, within what a side may be."""
    return min(LARGEST, max(SMALLEST, math.ceil(length / GRID) * GRID))

"""What people put on the canvas beside the network: notes, frames, bookmarks, and which groups are folded.

Nothing here changes what is computed; it is edited, undone and saved with the project.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

#: The most notes and bookmarks of a project, characters of a note, and characters of a name.
MOST_NOTES, MOST_BOOKMARKS, LONGEST_NOTE, LONGEST_NAME = 1_000, 100, 10_000, 200
#: The smallest and the largest side of a note (canvas units).
SMALLEST, LARGEST = 40.0, 100_000.0
#: What a note's colour may be; the theme says which shades these are.
COLOURS = ("yellow", "blue", "green", "pink", "grey")
#: The least and the largest zoom of a bookmark.
ZOOMS = (0.01, 10.0)


@dataclass(frozen=True)
class Note:
    """A text on the canvas, or a frame behind layers with a title.

    Attributes:
        key: unique in its project and kept for life.
        text: plain text; of a frame, its title.
        position: canvas coordinates of the top left corner.
        size: width and height (canvas units).
        colour: one of :data:`COLOURS`.
        frame: whether it stands behind layers and takes them along when it is moved.
    """

    key: str
    text: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (220.0, 110.0)
    colour: str = COLOURS[0]
    frame: bool = False


@dataclass(frozen=True)
class Bookmark:
    """A view of the canvas to return to.

    Attributes:
        name: what people read; unique in its project.
        centre: canvas coordinates of the middle of the view.
        zoom: pixels per canvas unit.
    """

    name: str
    centre: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0


@dataclass(frozen=True)
class Sketch:
    """Everything on the canvas that is no layer and no wire.

    Attributes:
        notes: in the order they are drawn.
        bookmarks: in the order they were made.
        folded: names of the groups that are shown as one card.
    """

    notes: tuple[Note, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    folded: frozenset[str] = field(default_factory=frozenset)

    def note(self, key: str) -> Note | None:
        """The note with a key, if there is one."""
        return next((note for note in self.notes if note.key == key), None)

    def with_note(self, note: Note) -> Sketch:
        """With another note, or with one replaced that has the same key."""
        if self.note(note.key) is None:
            return replace(self, notes=(*self.notes, note))
        return replace(self, notes=tuple(note if old.key == note.key else old for old in self.notes))

    def without_notes(self, keys: Iterable[str]) -> Sketch:
        """Without some notes."""
        gone = frozenset(keys)
        return replace(self, notes=tuple(note for note in self.notes if note.key not in gone))

    def moved(self, keys: Iterable[str], delta: tuple[float, float]) -> Sketch:
        """With some notes shifted."""
        chosen = frozenset(keys)
        if not chosen:
            return self
        return replace(self, notes=tuple(_shifted(note, delta) if note.key in chosen else note for note in self.notes))

    def fresh_key(self) -> str:
        """A key that no note has: ``note_1``, ``note_2``."""
        taken = {note.key for note in self.notes}
        return next(key for key in (f"note_{n}" for n in range(1, len(taken) + 2)) if key not in taken)

    def with_bookmark(self, bookmark: Bookmark) -> Sketch:
        """With another bookmark, or with one replaced that has the same name."""
        if all(old.name != bookmark.name for old in self.bookmarks):
            return replace(self, bookmarks=(*self.bookmarks, bookmark))
        found = (bookmark if old.name == bookmark.name else old for old in self.bookmarks)
        return replace(self, bookmarks=tuple(found))

    def without_bookmark(self, name: str) -> Sketch:
        """Without a bookmark."""
        return replace(self, bookmarks=tuple(old for old in self.bookmarks if old.name != name))

    def fold(self, name: str, folded: bool = True) -> Sketch:
        """With a group shown as one card, or with its layers shown."""
        return replace(self, folded=self.folded | {name} if folded else self.folded - {name})


def _shifted(note: Note, delta: tuple[float, float]) -> Note:
    return replace(note, position=(note.position[0] + delta[0], note.position[1] + delta[1]))

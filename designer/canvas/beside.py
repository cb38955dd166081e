"""Where the note about a node goes: beside it, over no other node and over no other note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, QSizeF

from designer.canvas.cards import Cards

#: Space between a card and its note, and between two notes.
GAP, APART = 14.0, 6.0
#: A note that was shifted along its card still stands beside this much of it.
_TOUCH = 16.0


def beside(
    rect: QRectF,
    sizes: Sequence[QSizeF],
    cards: Cards,
    visible: QRectF | None = None,
    taken: Sequence[QRectF] = (),
) -> QRectF | None:
    """A place for a note about a node: right, left, below.

    Args:
        rect: the node's card.
        sizes: how large the note may be; earlier ones are better.
        cards: all nodes; the note covers none of them if there is such a place.
        visible: what is in sight. A note about a card in sight stays within it if there is such a place,
            shifted along its card where needed.
        taken: the places of other notes.

    Returns:
        The place, over another card when all are taken; ``None`` where it would always cover another note.
    """
    about = [_about(rect, size) for size in sizes]
    sides = [side for three in about for side in three[:2]]
    # Below are wires and their labels, so a narrow note at a side, or one moved along it, is better.
    shifted = [moved for side in sides for moved in _around(side, rect, taken)]
    places = [*sides, *shifted, *(three[2] for three in about)]
    if visible is not None and visible.intersects(rect):
        moved = (_within(place, visible, rect) for place in places)
        seen = [place for place in moved if place is not None]
        places = seen or places  # rather over another card than out of sight
    places = [place for place in places if not any(place.intersects(other) for other in taken)]
    return next((place for place in places if not cards.near(place)), places[0] if places else None)


def _around(place: QRectF, rect: QRectF, taken: Sequence[QRectF]) -> Iterator[QRectF]:
    """A place at a side, moved along the card to just below and just above each note in its way."""
    for other in taken:
        if place.intersects(other):
            for top in (other.bottom() + APART, other.top() - APART - place.height()):
                moved = QRectF(place.left(), top, place.width(), place.height())
                if moved.top() <= rect.bottom() - _TOUCH and moved.bottom() >= rect.top() + _TOUCH:
                    yield moved


def _about(rect: QRectF, size: QSizeF) -> tuple[QRectF, QRectF, QRectF]:
    width, height = size.width(), size.height()
    top = rect.center().y() - height / 2
    return (
        QRectF(rect.right() + GAP, top, width, height),
        QRectF(rect.left() - GAP - width, top, width, height),
        QRectF(rect.center().x() - width / 2, rect.bottom() + GAP, width, height),
    )


def _within(place: QRectF, visible: QRectF, rect: QRectF) -> QRectF | None:
    """A place moved along its card until it is in sight; ``None`` where that would need another move."""
    moved = QRectF(place)
    if place.left() >= rect.right() or place.right() <= rect.left():
        moved.moveTop(max(visible.top(), min(place.top(), visible.bottom() - place.height())))
    else:
        moved.moveLeft(max(visible.left(), min(place.left(), visible.right() - place.width())))
    return moved if visible.contains(moved) else None

"""One thing that the prompt offers, and which offers fit what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from designer.model.matching import Match, match


@dataclass(frozen=True)
class Offer:
    """A thing to do.

    Attributes:
        id: by which it is remembered, such as ``command:save``.
        text: what it is found by.
        detail: what it does, in a sentence.
        kind: where it comes from, such as the menu's name; shown at the right.
        run: does it.
        icon: name of an icon, in ``color`` or the text's own.
        keys: its shortcut, as shown.
        reason: why it cannot be done now; empty when it can.
        rank: among equally good fits the lower one comes first.
        sought: the part of ``text`` that it is found by; empty for all of it.
    """

    id: str
    text: str
    detail: str
    kind: str
    run: Callable[[], object]
    icon: str = ""
    color: str = ""
    keys: str = ""
    reason: str = ""
    rank: int = 0
    sought: str = ""


@dataclass(frozen=True)
class Found:
    """An offer and why it fits."""

    offer: Offer
    match: Match


#: What it costs an offer to be of a higher rank: a good fit of a layer beats a poor one of a command.
_RANK = 5_000


def found_offers(offers: Iterable[Offer], wanted: str, recent: Sequence[str] = ()) -> list[Found]:
    """The offers that fit what is typed, best first.

    Args:
        offers: all of them.
        wanted: what is typed; with nothing, all fit: those used last, then the others as they stand.
        recent: ids of what was used last, the newest first.
    """
    fitting = [Found(offer, fit) for offer in offers if (fit := match(offer.sought or offer.text, wanted)) is not None]
    places = {key: place for place, key in enumerate(recent)}
    late = len(places)
    if not wanted.strip():
        return sorted(fitting, key=lambda found: (places.get(found.offer.id, late), found.offer.rank))
    return sorted(
        fitting,
        key=lambda found: (
            found.offer.rank * _RANK - found.match.points,
            places.get(found.offer.id, late),
        ),
    )

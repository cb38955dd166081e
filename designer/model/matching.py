"""How well a text fits a few typed letters, and which of its letters they are."""

from __future__ import annotations

from dataclasses import dataclass

#: What the ways of fitting are worth; lengths and places only decide among equals.
WHOLE, BEGINNING, WORD, WITHIN, SPREAD = 1000, 800, 600, 400, 200


@dataclass(frozen=True)
class Match:
    """A fit.

    Attributes:
        points: how good it is; higher is better.
        places: indices of the letters of the text that were meant.
    """

    points: int
    places: frozenset[int]


def match(text: str, wanted: str) -> Match | None:
    """Find every word of ``wanted`` in a text, whatever the case and the order.

    A word fits as the whole text, its beginning, the beginning of one of its words, a part of it, or as letters in
    order of which the first begins a word: "sa" finds "Save as", "cv2" finds "Conv2D".

    Returns:
        The fit, or ``None`` when a word is not found. Nothing wanted fits everything.
    """
    folded = "".join(letter.lower()[0] for letter in text)  # one letter for each, so that places stay right
    starts = _starts(text)
    points, places = 0, set[int]()
    for word in wanted.lower().split():
        found = _whole(folded, starts, word) or _spread(folded, starts, word)
        if found is None:
            return None
        points += found.points
        places |= found.places
    return Match(points * 100 - min(99, len(text)), frozenset(places)) if places else Match(0, frozenset())


def _starts(text: str) -> list[int]:
    """Where words begin: after a blank or a sign, at a capital, at a figure."""
    found = []
    before = " "
    for place, letter in enumerate(text):
        turns = (letter.isupper() and not before.isupper()) or (letter.isdigit() and not before.isdigit())
        if letter.isalnum() and (turns or not before.isalnum()):
            found.append(place)
        before = letter
    return found


def _whole(text: str, starts: list[int], word: str) -> Match | None:
    """The word in one piece."""
    place = text.find(word)
    if place < 0:
        return None
    begun = next((start for start in starts if text.startswith(word, start)), None)
    if word == text:
        points = WHOLE
    elif place == 0:
        points = BEGINNING
    elif begun is not None:
        points, place = WORD, begun
    else:
        points = WITHIN
    return Match(points, frozenset(range(place, place + len(word))))


def _spread(text: str, starts: list[int], word: str) -> Match | None:
    """Its letters one after another, at the beginnings of words where possible."""
    best: Match | None = None
    for first in starts:
        if text[first] != word[0]:
            continue
        places = _leaping(text, starts, word, first) or _leftmost(text, word, first)
        if places is not None:
            begun = len(set(places) & set(starts))
            found = Match(SPREAD + 10 * begun - min(99, places[-1] - places[0]), frozenset(places))
            best = found if best is None or found.points > best.points else best
    return best


def _leaping(text: str, starts: list[int], word: str, first: int) -> list[int] | None:
    """From one letter to the next one: right behind it, else the beginning of a later word, else anywhere later."""
    places = [first]
    for letter in word[1:]:
        at = places[-1] + 1
        if text[at : at + 1] == letter:
            place = at
        else:
            place = next((start for start in starts if start > at and text[start] == letter), text.find(letter, at))
        if place < 0:
            return None
        places.append(place)
    return places


def _leftmost(text: str, word: str, first: int) -> list[int] | None:
    """Every letter as early as possible: finds a way wherever there is one."""
    places = [first]
    for letter in word[1:]:
        place = text.find(letter, places[-1] + 1)
        if place < 0:
            return None
        places.append(place)
    return places

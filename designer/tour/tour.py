"""Walks through all steps, checks, and takes a picture of each."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize

from designer.app import application
from designer.theme import apply_theme
from designer.tour import drawing, learning, results
from designer.tour.apart import apart
from designer.tour.hand import TourError
from designer.tour.journey import Journey

Step = Callable[[Journey], str]

#: The last step of the learning closes the window for good.
STEPS: tuple[Step, ...] = (*drawing.STEPS, *learning.STEPS[:-1], *results.STEPS, learning.leave)


def run(out: Path, themes: Sequence[str], size: QSize, steps: Sequence[Step] = STEPS) -> int:
    """Walk once for each theme.

    Args:
        out: folder for the pictures; made when missing.
        themes: ``light``, ``dark``.
        size: of the window (px).
        steps: what to do.

    Returns:
        0 when everything held, else 1 after a sentence that says what did not.
    """
    app = application()
    out.mkdir(parents=True, exist_ok=True)
    done = 0
    with apart("tour") as place:
        try:
            for theme in themes:
                apply_theme(app, theme)
                done += walk(first_journey(place / theme, size), out, theme, steps)
        except TourError as error:
            print(f"tour: {error}.", file=sys.stderr, flush=True)
            return 1
    print(f"tour: {done} steps, all passed", flush=True)
    return 0


def first_journey(place: Path, size: QSize) -> Journey:
    """A journey that begins with the window as it is at the first start."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
    journey = Journey(place / "Digits.loom", size)
    journey.folder.parent.mkdir(parents=True, exist_ok=True)
    return journey


def walk(journey: Journey, out: Path, theme: str, steps: Sequence[Step]) -> int:
    """Do all steps in one theme.

    Returns:
        How many there were.

    Raises:
        TourError: naming the step that failed; its picture is saved too.
    """
    try:
        for number, step in enumerate(steps, 1):
            began = time.monotonic()
            name = step.__name__.replace("_", "-")
            picture = out / f"{theme}-{number:02d}-{name}.png"
            try:
                said = step(journey)
            except TourError as error:
                journey.picture(picture)
                raise TourError(f"step {number} ({step.__name__.replace('_', ' ')}, {theme}) failed: {error}") from None
            journey.hand.rest(50)
            journey.picture(picture)
            words = step.__name__.replace("_", " ")
            print(f"{theme} {number:2d}  {words:<22} {said}  ({time.monotonic() - began:.1f} s)", flush=True)
    finally:
        journey.discard()
    return len(steps)

"""Plays all scenes and takes pictures of each."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from designer.app import application
from designer.shots import drawing, keeping, learning
from designer.shots.composed import composed
from designer.shots.scene import Scene
from designer.theme import apply_theme, current_theme
from designer.tour.apart import apart
from designer.tour.hand import TourError
from designer.tour.journey import Journey, expect
from designer.tour.tour import first_journey

#: In the order in which they are played: each begins with what those before it left.
SCENES: tuple[Scene, ...] = (*drawing.SCENES, *learning.SCENES, *keeping.SCENES)


def run(
    out: Path,
    themes: Sequence[str],
    sizes: Sequence[QSize],
    scenes: Sequence[Scene] = SCENES,
    wanted: Sequence[str] = (),
) -> int:
    """Play the scenes once for each size.

    Args:
        out: folder for the pictures; made when missing.
        themes: ``light``, ``dark``; every scene is seen in each.
        sizes: of the window (px).
        scenes: what is played.
        wanted: names of scenes of which pictures are taken; all unless given.

    Returns:
        0 when every picture was taken, else 1 after a sentence that says which one was not.
    """
    app = application()
    out.mkdir(parents=True, exist_ok=True)
    taken: list[tuple[Scene, str]] = []
    with apart("shots") as place:
        for size in sizes:
            apply_theme(app, themes[0])
            journey = first_journey(place / _words(size), size)
            try:
                journey.open_window()
                for scene in scenes:
                    taken += _played(app, journey, scene, out, themes, not wanted or scene.name in wanted)
            except TourError as error:
                print(f"shots: {error}.", file=sys.stderr, flush=True)
                return 1
            finally:
                journey.discard()
    (out / "index.html").write_text(_page(taken), encoding="utf-8")
    print(f"shots: {len(taken)} pictures, named in {out / 'index.html'}", flush=True)
    return 0


def _played(
    app: QApplication, journey: Journey, scene: Scene, out: Path, themes: Sequence[str], wanted: bool
) -> list[tuple[Scene, str]]:
    """Play one scene and take its pictures; returns them with their names.

    Raises:
        TourError: naming the scene.
    """
    taken = []
    began = time.monotonic()
    rounds = [(theme,) for theme in themes] if scene.anew and wanted else [tuple(themes)]
    try:
        for chosen in rounds:
            _dress(app, chosen[0])
            journey.hand.rest(20)
            playing = scene.play(journey)
            next(playing)
            for theme in chosen if wanted else ():
                _dress(app, theme)
                journey.hand.rest(60)
                name = f"{scene.name}-{theme}-{_words(journey.size)}.png"
                expect(composed(journey.window).save(str(out / name)), f"the picture {out / name} could not be written")
                taken.append((scene, name))
            next(playing, None)
    except TourError as error:
        composed(journey.window).save(str(out / f"failed-{scene.name}.png"))
        raise TourError(f"'{scene.caption}' ({scene.name}) cannot be seen: {error}") from None
    if taken:
        seconds = time.monotonic() - began
        print(f"{_words(journey.size)}  {scene.name:<18} {scene.caption}  ({seconds:.1f} s)", flush=True)
    return taken


def _dress(app: QApplication, theme: str) -> None:
    # Even the same theme anew makes every widget measure itself again.
    if current_theme().name != theme:
        apply_theme(app, theme)


def _words(size: QSize) -> str:
    return f"{size.width()}x{size.height()}"


def _page(taken: Sequence[tuple[Scene, str]]) -> str:
    """All pictures under their captions, as a page to leaf through."""
    figures = "\n".join(
        f"<figure><figcaption>{escape(scene.caption)} <small>{escape(name)}</small></figcaption>"
        f'<a href="{escape(name)}"><img src="{escape(name)}" width="640" alt="{escape(scene.caption)}"></a></figure>'
        for scene, name in taken
    )
    return f'<!doctype html>\n<meta charset="utf-8">\n<title>Layerloom in pictures</title>\n{figures}\n'

"""What is photographed: scenes, and the ways in which many of them are set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from designer.tour.journey import Journey

#: Brings the window into a state, waits while pictures are taken, and leads back.
Play = Callable[[Journey], Iterator[None]]


@dataclass(frozen=True)
class Scene:
    """One state of the window.

    Attributes:
        name: in the names of its pictures.
        caption: what is to be seen.
        play: yields once, when everything stands.
        anew: it is played once for each theme, because what opens keeps the colours it was opened in.
    """

    name: str
    caption: str
    play: Play
    anew: bool = False


def pressed(keys: str, typed: str = "") -> Play:
    """Keys are pressed, and something is typed; Escape leads back."""

    def play(journey: Journey) -> Iterator[None]:
        journey.hand.press(keys)
        if typed:
            journey.hand.type_text(typed)
        journey.hand.rest(150)
        yield
        journey.hand.press("Esc")

    return play


def commanded(key: str, shown: str) -> Play:
    """A command of the menus is run, after which a dialog of this name stands there; it is closed again."""

    def play(journey: Journey) -> Iterator[None]:
        journey.window.commands[key].trigger()
        journey.hand.wait(lambda: journey.hand.shows(shown), f"'{shown}' after '{key}'")
        journey.hand.rest(150)
        yield
        journey.hand.find(shown).window().close()

    return play


def tab(title: str) -> Play:
    """A panel is brought to the front by its tab."""

    def play(journey: Journey) -> Iterator[None]:
        journey.hand.click_at(journey.tab_point(title))
        journey.hand.wait(lambda: journey.is_in_front(title), f"the panel '{title}' in front")
        journey.hand.rest(100)
        yield

    return play


def chosen(*keys: str) -> Play:
    """Layers are selected."""

    def play(journey: Journey) -> Iterator[None]:
        journey.window.selection.set(set(keys))
        for key in keys:
            journey.window.canvas.reveal(key)
        journey.hand.rest(100)
        yield
        journey.window.selection.clear()

    return play


def menu(title: str) -> Play:
    """A menu of the menu bar is open."""

    def play(journey: Journey) -> Iterator[None]:
        bar = journey.window.menuBar()
        action = next(found for found in bar.actions() if found.text().replace("&", "") == title)
        action.menu().popup(bar.mapToGlobal(bar.actionGeometry(action).bottomLeft()))
        journey.hand.wait(action.menu().isVisible, f"the menu '{title}'")
        journey.hand.rest(100)
        yield
        action.menu().close()

    return play

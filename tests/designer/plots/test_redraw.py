import pytest
from pytestqt.qtbot import QtBot

from designer.plots.redraw import Redrawer


class Counter:
    """A plot that is out of date a number of times."""

    def __init__(self, name: str, stale: int, drawn: list[str]) -> None:
        self.name, self.stale, self.drawn = name, stale, drawn

    def needs_redraw(self) -> bool:
        return self.stale > 0

    def redraw(self) -> None:
        self.stale -= 1
        self.drawn.append(self.name)


@pytest.fixture
def drawn() -> list[str]:
    return []


def test_one_plot_per_frame_in_turn_and_then_rest(qtbot: QtBot, drawn: list[str]) -> None:
    redrawer = Redrawer()
    for plot in (Counter("a", 3, drawn), Counter("b", 2, drawn), Counter("c", 0, drawn)):
        redrawer.add(plot)
    redrawer.wake()
    assert drawn == ["a"]
    redrawer.wake()
    assert drawn == ["a"]
    qtbot.waitUntil(lambda: not redrawer.is_busy)
    assert drawn == ["a", "b", "a", "b", "a"]


def test_nothing_to_do_starts_no_timer(qtbot: QtBot, drawn: list[str]) -> None:
    redrawer = Redrawer()
    redrawer.add(Counter("a", 0, drawn))
    redrawer.wake()
    assert not redrawer.is_busy
    assert drawn == []

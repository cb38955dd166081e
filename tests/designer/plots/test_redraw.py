import pytest
from pytestqt.qtbot import QtBot

from designer.plots.redraw import FRAME, LIVE, Redrawer


class Counter:
    """A plot that is out of date a number of times."""

    def __init__(self, name: str, stale: int, drawn: list[str]) -> None:
        self.name, self.stale, self.drawn = name, stale, drawn

    def needs_redraw(self) -> bool:
        return self.stale > 0

    def redraw(self) -> None:
        self.stale -= 1
        self.drawn.append(self.name)

    def take_spent(self) -> float:
        return 0.0


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


def test_new_events_leave_time_between_redraws_but_a_person_does_not_wait(
    qtbot: QtBot, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("designer.plots.redraw.time.perf_counter", lambda: now[0])
    redrawer = Redrawer()
    plot = Counter("a", 1, drawn)
    redrawer.add(plot)
    redrawer.wake()
    plot.stale = 1
    redrawer.wake()
    assert (drawn, redrawer.is_busy) == (["a"], True)
    qtbot.waitUntil(lambda: not redrawer.is_busy)
    plot.stale = 1
    now[0] += 1.5 * FRAME  # too soon for a new event alone
    assert 1.5 * FRAME < LIVE
    redrawer.hurry()
    assert drawn == ["a", "a", "a"]
    assert not redrawer.is_busy


def test_nothing_to_do_starts_no_timer(qtbot: QtBot, drawn: list[str]) -> None:
    redrawer = Redrawer()
    redrawer.add(Counter("a", 0, drawn))
    redrawer.wake()
    assert not redrawer.is_busy
    assert drawn == []

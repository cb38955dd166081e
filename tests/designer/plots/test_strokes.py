from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from designer.plots.plot_canvas import PlotCanvas
from designer.plots.strokes import Frame, Look, trimmed
from designer.plots.view import Line
from designer.theme import current_theme

FRAME = Frame(QRectF(0, 0, 100, 50), (0.0, 10.0), (0.0, 1.0))

Painted = Callable[..., QImage]


@pytest.fixture
def painted(qtbot: QtBot) -> Painted:
    """Draws one curve on a canvas of 100 x 50 px for the curve; its picture is cut to them."""

    def make(line: Line, look: Look | None = None) -> QImage:
        canvas = PlotCanvas()
        qtbot.addWidget(canvas)
        canvas.resize(156, 75)
        # The left scale has no marks here, so that every pixel that is not ground is the curve's.
        canvas.kinds = ("whole", "log")
        stroke = canvas.stroke()
        stroke.look, stroke.line = look or Look("#ff0000"), line
        canvas.has_scales = True
        canvas.show_range((0.0, 10.0), (0.0, 1.0))
        area = canvas.frame().area.toRect()
        assert (area.width(), area.height()) == (100, 50)
        return canvas.grab().toImage().copy(area)

    return make


def inked_columns(image: QImage) -> set[int]:
    """Columns with something red: ground and lines across are grey or blue."""

    def is_red(color: QColor) -> bool:
        return color.red() > color.green() + 40 and color.red() > color.blue() + 40

    return {x for x in range(image.width()) for y in range(image.height()) if is_red(image.pixelColor(x, y))}


def test_a_gap_is_left_empty(painted: Painted) -> None:
    for missing in (np.nan, np.inf, -np.inf):
        y = np.full(11, 0.5)
        y[5] = missing
        columns = inked_columns(painted(Line(np.arange(11.0), y, True)))
        assert {20, 80} <= columns
        assert not columns & set(range(44, 57))


def test_a_line_to_far_away_points_still_crosses_the_plot(painted: Painted) -> None:
    far = Line(np.array([-1e9, 1e9]), np.array([0.5, 0.5]), False)
    assert inked_columns(painted(far)) == set(range(100))


def test_a_single_point_shows(painted: Painted) -> None:
    columns = inked_columns(painted(Line(np.array([5.0]), np.array([0.5]), False)))
    assert 50 in columns
    assert columns <= set(range(46, 55))


@pytest.mark.parametrize("points", [0, 2, 30, 5000])
def test_any_number_of_points_is_painted(painted: Painted, points: int) -> None:
    line = Line(np.linspace(0, 10, points), np.full(points, 0.25), False)
    columns = inked_columns(painted(line, look=Look("#ff0000", dots=True)))
    assert len(columns) >= 99 if points else not columns


def test_a_curve_lies_where_its_values_are(painted: Painted) -> None:
    for value in (0.2, 0.5, 0.9):
        image = painted(Line(np.linspace(0, 10, 2000), np.full(2000, value), False))
        rows = {y for y in range(50) if image.pixelColor(30, y).green() < 100}
        assert rows
        assert all(abs(y + 0.5 - 50 * (1 - value)) <= 1 for y in rows)


def test_a_new_look_and_a_new_line_show(qtbot: QtBot) -> None:
    canvas = PlotCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(156, 75)
    stroke = canvas.stroke()
    canvas.has_scales = True
    canvas.show_range((0.0, 10.0), (0.0, 1.0))
    ground = QColor(current_theme().surface)
    place = canvas.frame().area.center().toPoint()

    def colors() -> set[str]:
        image = canvas.grab().toImage()
        return {image.pixelColor(place.x(), place.y() + n).name() for n in range(-4, 5)} - {ground.name()}

    stroke.line = Line(np.linspace(0, 10, 2000), np.full(2000, 0.5), False)
    for color in ("#ff0000", "#00ff00"):
        stroke.look = Look(color)
        canvas.refresh()
        assert color in colors()
    stroke.line = Line(np.linspace(0, 10, 2000), np.full(2000, 0.9), False)
    canvas.refresh()
    assert "#00ff00" not in colors()


@given(
    seen=hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 10)),
    ends=st.tuples(st.floats(-1e9, -1), st.floats(11, 1e9)),
    value=st.floats(-1e12, 1e12),
)
def test_ends_are_cut_to_the_edges_and_what_is_seen_stays(
    seen: np.ndarray, ends: tuple[float, float], value: float
) -> None:
    x = np.array([ends[0], *np.sort(seen), ends[1]])
    line = Line(x, np.full(len(x), value), False)
    cut, heights = trimmed(line, FRAME)
    assert cut.tolist() == [-0.1, *np.sort(seen), 10.1]
    assert (np.abs(heights) <= 1e4 * 0.02 + 1).all()
    if 0 <= value <= 1:
        assert heights == pytest.approx(np.full(len(x), value))
    assert (line.x == x).all()

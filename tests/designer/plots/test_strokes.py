import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from designer.plots.strokes import Frame, Look, Stroke, paint, pieces, polygon
from designer.plots.view import Line

FRAME = Frame(QRectF(0, 0, 100, 50), (0.0, 10.0), (0.0, 1.0))


def painted(line: Line, frame: Frame = FRAME, look: Look | None = None) -> QImage:
    image = QImage(100, 50, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter, Stroke(look or Look("#000000"), line), frame)
    painter.end()
    return image


def inked_columns(image: QImage) -> set[int]:
    white = QColor(Qt.GlobalColor.white)
    return {x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) != white}


def test_polygon_holds_its_points() -> None:
    x, y = np.arange(500.0), np.sin(np.arange(500.0))
    made = polygon(x, y)
    assert made.size() == 500
    assert (made[499].x(), made[499].y()) == (499.0, y[499])


@given(values=hnp.arrays(np.float64, st.integers(0, 40), elements=st.sampled_from([1.0, np.nan, np.inf])))
def test_pieces_are_the_drawable_runs(values: np.ndarray) -> None:
    covered = np.zeros(len(values), bool)
    for start, stop in pieces(values):
        assert np.isfinite(values[start:stop]).all()
        assert stop == len(values) or not np.isfinite(values[stop])
        covered[start:stop] = True
    assert (covered == np.isfinite(values)).all()


def test_a_gap_is_left_white() -> None:
    y = np.full(11, 0.5)
    y[5] = np.nan
    columns = inked_columns(painted(Line(np.arange(11.0), y, True)))
    assert {20, 80} <= columns
    assert not columns & set(range(44, 57))


def test_a_line_to_far_away_points_still_crosses_the_plot() -> None:
    far = Line(np.array([-1e9, 1e9]), np.array([0.5, 0.5]), False)
    assert inked_columns(painted(far)) == set(range(100))


def test_a_single_point_shows() -> None:
    assert inked_columns(painted(Line(np.array([5.0]), np.array([0.5]), False)))


@pytest.mark.parametrize("points", [0, 2, 30, 5000])
def test_any_number_of_points_is_painted(points: int) -> None:
    line = Line(np.linspace(0, 10, points), np.full(points, 0.25), False)
    assert bool(inked_columns(painted(line, look=Look("#000000", dots=True)))) == (points > 0)

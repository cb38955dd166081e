from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox
from pytestqt.qtbot import QtBot

from designer.plots.curve_plot import CurvePlot
from designer.plots.curves_area import CurvesArea, loss_names, metric_names, place_of, smoothing_of
from designer.plots.figures import better, short_title, title
from designer.plots.view import Settings
from designer.theme import apply_theme
from designer.training.run_log import RunLog
from designer.training.runner import Runner
from tests.designer.plots.runs import BATCHES, events, log_of, state_of


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., CurvePlot]:
    def make(log: RunLog, offered: Callable = loss_names) -> CurvePlot:
        plot = CurvePlot(log, "loss", offered)
        qtbot.addWidget(plot)
        plot.resize(520, 220)
        with qtbot.waitExposed(plot):
            plot.show()
        plot.redraw()
        return plot

    return make


def height(plot: CurvePlot) -> float:
    low, high = plot.canvas.upwards
    return high - low


def wheel(plot: CurvePlot, at: QPoint, turns: int, modifier: Qt.KeyboardModifier) -> None:
    port = plot.canvas
    event = QWheelEvent(
        QPointF(at), QPointF(port.mapToGlobal(at)), QPoint(0, 0), QPoint(0, 120 * turns), Qt.MouseButton.NoButton,
        modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def test_the_whole_run_is_drawn_with_its_values(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(6))
    plot = shown(log)
    low, high = plot.canvas.across
    lines = plot.lines()
    assert low == 0.0
    assert high >= 6 * BATCHES
    raw = log.curves.batches.figures["loss"].values
    assert np.nanmax(lines["raw"].y) == raw.max()
    assert lines["validation"].y.tolist() == log.curves.epochs.figures["val_loss"].values.tolist()
    assert lines["validation"].x.tolist() == [50.0, 100.0, 150.0, 200.0, 250.0, 300.0]
    assert not plot.needs_redraw()


def test_the_range_follows_until_somebody_zooms_and_again_on_follow(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(4))
    plot = shown(log)
    wheel(plot, QPoint(250, 100), 3, Qt.KeyboardModifier.NoModifier)
    plot.redraw()
    zoomed = plot.canvas.across
    assert zoomed[1] - zoomed[0] < 4 * BATCHES
    log.apply(events(4, step=4 * BATCHES))
    assert plot.needs_redraw()
    plot.redraw()
    assert plot.canvas.across == zoomed
    follow = plot.findChild(QAbstractButton, "loss-follow")
    assert follow.isVisible()
    QTest.mouseClick(follow, Qt.MouseButton.LeftButton)
    plot.redraw()
    assert plot.canvas.across[1] >= 8 * BATCHES
    assert not follow.isVisible()


def test_zoom_across_fits_the_height_and_with_ctrl_it_stays(shown: Callable[..., CurvePlot]) -> None:
    plot = shown(log_of(events(8)))
    before = height(plot)
    plot.canvas.show_range((300.0, 380.0))
    plot.redraw()
    assert height(plot) < before / 2
    wheel(plot, QPoint(250, 100), 2, Qt.KeyboardModifier.ControlModifier)
    held = height(plot)
    plot.redraw()
    assert height(plot) == held


def test_dragging_moves_and_a_double_click_returns(shown: Callable[..., CurvePlot]) -> None:
    plot = shown(log_of(events(4)))
    before = plot.canvas.across
    QTest.mousePress(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    held = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(200, 100), plot.canvas.mapToGlobal(QPointF(200, 100)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(plot.canvas, held)
    QTest.mouseRelease(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    shift = 100 / plot.canvas.frame().area.width() * (before[1] - before[0])
    assert plot.canvas.across == pytest.approx((before[0] + shift, before[1] + shift))
    QTest.mouseDClick(plot.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert plot.canvas.is_following
    plot.redraw()
    assert plot.canvas.across == before


def test_zooming_has_a_limit(shown: Callable[..., CurvePlot]) -> None:
    plot = shown(log_of(events(4)))
    for turns in (200, -400):
        wheel(plot, QPoint(250, 100), turns, Qt.KeyboardModifier.NoModifier)
        wheel(plot, QPoint(250, 100), turns, Qt.KeyboardModifier.ControlModifier)
        plot.redraw()
        plot.grab()
        assert plot.canvas.across[1] > plot.canvas.across[0]
        assert height(plot) > 0


def test_keys_move_zoom_and_return(shown: Callable[..., CurvePlot]) -> None:
    plot = shown(log_of(events(4)))
    whole = plot.canvas.across
    QTest.keyClick(plot.canvas, Qt.Key.Key_Up)
    low, high = plot.canvas.across
    assert high - low < whole[1] - whole[0]
    QTest.keyClick(plot.canvas, Qt.Key.Key_Right)
    assert plot.canvas.across[0] > low
    QTest.keyClick(plot.canvas, Qt.Key.Key_Home)
    assert plot.canvas.is_following


def test_log_scale_shows_powers_of_ten_of_losses_only(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(5))
    plot = shown(log)
    plot.apply(Settings(log=True))
    plot.redraw()
    values = log.curves.epochs.figures["val_loss"].values
    np.testing.assert_allclose(plot.lines()["validation"].y, np.log10(values))
    assert plot.canvas.kinds == ("whole", "log")
    accuracy = shown(log, metric_names)
    accuracy.apply(Settings(log=True))
    accuracy.redraw()
    assert accuracy.canvas.kinds == ("whole", "number")
    assert accuracy.lines()["validation"].y.tolist() == log.curves.epochs.figures["val_accuracy"].values.tolist()


@pytest.mark.parametrize(("axis", "end"), [("updates", 200.0), ("epochs", 4.0), ("time", 2.0)])
def test_every_axis(shown: Callable[..., CurvePlot], axis: str, end: float) -> None:
    plot = shown(log_of(events(4)))
    plot.apply(Settings(axis=axis))
    plot.redraw()
    assert plot.lines()["training"].x[-1] == pytest.approx(end)
    assert plot.lines()["validation"].x[-1] == pytest.approx(end)


def test_smoothing_one_hides_the_faint_line(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(4))
    plot = shown(log)
    assert len(plot.lines()["raw"]) == 200
    assert np.std(np.diff(plot.lines()["training"].y)) < np.std(np.diff(plot.lines()["raw"].y))
    plot.apply(Settings(smoothing=1))
    plot.redraw()
    assert len(plot.lines()["raw"]) == 0
    assert plot.lines()["training"].y.tolist() == log.curves.batches.figures["loss"].values.tolist()


def test_the_best_epoch_is_marked_at_the_right_place(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(6))
    plot = shown(log)
    assert plot.canvas.best is not None
    assert plot.canvas.best.position == 4 * BATCHES
    assert plot.canvas.best.text == "best 0.4000, epoch 4"
    accuracy = shown(log, metric_names)
    assert accuracy.canvas.best.position == 4 * BATCHES
    assert "0.8000" in accuracy.canvas.best.text


def test_legend_hides_and_shows(shown: Callable[..., CurvePlot], qtbot: QtBot) -> None:
    plot = shown(log_of(events(3), events(4)))
    assert plot.canvas.across[1] >= 4 * BATCHES
    button = plot.findChild(QAbstractButton, "loss-legend-training")
    with qtbot.waitSignal(plot.dirtied):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    plot.redraw()
    assert len(plot.lines()["training"]) == len(plot.lines()["raw"]) == 0
    assert len(plot.lines()["validation"]) == 4
    past = plot.findChild(QAbstractButton, "loss-legend-past")
    assert past.isVisible()
    assert len(plot.runs) == 2
    QTest.mouseClick(past, Qt.MouseButton.LeftButton)
    assert len(plot.runs) == 1


def test_the_pointer_reads_the_nearest_values(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(3), events(5))
    plot = shown(log)
    middle = QPoint(round(plot.canvas.frame().x(np.array([101.2]))[0]), 80)
    QTest.mouseMove(plot.canvas, middle)
    rows = {row.name: row.value for row in plot._readout.rows}
    assert plot._readout.isVisible()
    assert next(iter(rows)).startswith("Update 101, epoch 2.02, 1 s")
    assert rows["This update alone"] == f"{log.curves.batches.figures['loss'].values[100]:.4f}"
    assert rows["Validation, epoch 2"] == "0.6000"
    assert rows["Run 1"] == "0.6000"
    assert plot.canvas.pointer is not None
    QTest.mouseMove(plot.canvas, QPoint(10, 10))
    assert not plot._readout.isVisible()
    assert plot.canvas.pointer is None


def test_a_hidden_plot_asks_for_nothing_and_catches_up(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(2))
    plot = shown(log)
    plot.hide()
    log.apply(events(2, step=2 * BATCHES))
    assert not plot.needs_redraw()
    plot.show()
    assert plot.needs_redraw()


def test_long_curves_are_thinned_and_thin(shown: Callable[..., CurvePlot]) -> None:
    log = RunLog()
    log.restore(state_of(150_000, 30))
    plot = shown(log)
    assert len(plot.lines()["raw"]) < 6 * plot.canvas.pixels()
    assert plot.lines()["raw"].y.max() == 2.0


def test_missing_values_are_gaps(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(2))
    start, *run = events(2, step=2 * BATCHES)
    broken = [event._replace(loss=float("nan")) if getattr(event, "batch", 0) == 7 else event for event in run]
    log.apply([start, *broken])
    plot = shown(log)
    assert plot.lines()["raw"].has_gaps
    assert plot.lines()["training"].has_gaps
    assert np.isfinite(height(plot))


def test_a_reopened_run_shows_its_epochs_and_has_no_times(shown: Callable[..., CurvePlot]) -> None:
    log = RunLog()
    log.restore(state_of(200, 4))
    plot = shown(log, metric_names)
    assert plot.lines()["early"].y.tolist() == log.curves.epochs.figures["accuracy"].values.tolist()
    plot.apply(Settings(axis="time"))
    plot.redraw()
    assert len(plot.lines()["early"]) == 0


def test_nothing_yet_and_no_metric_say_so(shown: Callable[..., CurvePlot]) -> None:
    plot = shown(RunLog())
    assert plot._hint.isVisible()
    assert not plot.canvas.has_scales
    run = [event for event in events(1) if not hasattr(event, "logs")]
    bare = log_of([run[0].__class__(**{**vars(run[0]), "metrics": ()}), *(e._replace(metrics=()) for e in run[1:])])
    metric = shown(bare, metric_names)
    assert metric._hint.text() == "No metric is watched in this run."


def test_several_metrics_can_be_chosen(shown: Callable[..., CurvePlot]) -> None:
    log = log_of(events(2, metric="accuracy"))
    log.apply(events(2, metric="mean_squared_error"))
    plot = shown(log, metric_names)
    choice = plot.findChild(QComboBox, "loss-choice")
    assert choice.isVisible()
    assert [choice.itemData(n) for n in range(choice.count())] == ["mean_squared_error", "accuracy"]
    choice.setCurrentIndex(1)
    choice.activated.emit(1)
    plot.redraw()
    assert plot.figure == "accuracy"


def test_themes_change_every_colour(shown: Callable[..., CurvePlot], dressed: QApplication) -> None:
    plot = shown(log_of(events(3)))
    light = plot.grab().toImage().pixelColor(300, 5)
    try:
        apply_theme(dressed, "dark")
        plot.redraw()
        assert plot.grab().toImage().pixelColor(300, 5).lightness() < light.lightness() - 100
    finally:
        apply_theme(dressed, "light")


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[CurvesArea]:
    runner = Runner()
    runner.run_log.apply(events(4))
    made = CurvesArea(runner)
    qtbot.addWidget(made)
    made.resize(960, 220)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    assert runner.shutdown(5)


def test_new_events_reach_both_plots_and_then_nothing_runs(area: CurvesArea, qtbot: QtBot) -> None:
    plots = (area.loss_plot, area.metric_plot)
    qtbot.waitUntil(lambda: not area.redrawer.is_busy)
    area.loss_plot.log.apply(events(1, step=4 * BATCHES))
    assert all(plot.needs_redraw() for plot in plots)
    area.redrawer.wake()
    assert area.redrawer.is_busy
    qtbot.waitUntil(lambda: not area.redrawer.is_busy)
    assert all(plot.lines()["training"].x[-1] == 5 * BATCHES for plot in plots)


def test_controls_change_both_plots(area: CurvesArea, qtbot: QtBot) -> None:
    area.log_scale.click()
    area.axis.setCurrentIndex(1)
    area.smoothing.setValue(place_of(100))
    qtbot.waitUntil(lambda: not area.loss_plot.needs_redraw() and not area.metric_plot.needs_redraw())
    assert area.settings == Settings("epochs", True, smoothing_of(place_of(100)))
    assert area.loss_plot.canvas.kinds == ("number", "log")
    assert area.metric_plot.lines()["training"].x[-1] == pytest.approx(4.0)
    for name in ("x-axis", "log-scale", "smoothing"):
        assert area.findChild(object, name).toolTip()


def test_smoothing_places_are_whole_updates() -> None:
    assert smoothing_of(0) == 1
    assert [smoothing_of(place_of(n)) for n in (1, 10, 100, 1000)] == [1, 10, 100, 1000]


def test_names_and_directions() -> None:
    assert (better("loss"), better("val_accuracy"), better("out_1_loss")) == ("lower", "higher", "lower")
    assert (title("loss"), title("accuracy"), title("dense_2_loss")) == ("Loss", "Accuracy", "Dense 2 loss")
    assert short_title("sparse_categorical_accuracy") == "Accuracy"

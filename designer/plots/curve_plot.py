"""One figure of a run as live curves: training, validation, and earlier runs behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from designer.plots.figures import better, title
from designer.plots.header import Header
from designer.plots.mark import Mark
from designer.plots.menu import PlotMenu
from designer.plots.plot_canvas import PlotCanvas
from designer.plots.pointing import heading, past_rows, training_rows, validation_rows
from designer.plots.readout import Readout, Row
from designer.plots.strokes import Look
from designer.plots.ticks import figure as figure_text
from designer.plots.view import EMPTY, Line, Settings, extent, first_row, line
from designer.text import tr
from designer.theme import current_theme
from designer.training.curves import RunCurves, Table
from designer.training.run_log import KEPT_RUNS, RunLog
from designer.training.smoothed import Smoothed

#: Kind of the lower scale by axis of the run.
KINDS = {"updates": "whole", "epochs": "number", "time": "time"}
#: How faint earlier runs are, the latest first.
_FADE = (0.42, 0.28, 0.18)


class CurvePlot(QFrame):
    """A plot of one figure at a time.

    Args:
        log: where the curves come from.
        name: prefix of object names, such as ``"loss"``.
        offered: the figures that may be chosen here.

    Attributes:
        dirtied: emitted when something but the log changed what is to be drawn.
        failed: emitted with a sentence when a file could not be written.
        saved: emitted with a sentence when one was.
    """

    dirtied = Signal()
    failed = Signal(str)
    saved = Signal(str)

    def __init__(
        self, log: RunLog, name: str, offered: Callable[[RunLog], Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-plot")
        self.setProperty("kind", "card")
        self.log = log
        self.figure = ""
        self._name = name
        self._offered = offered
        self._settings = Settings()
        self._drawn: object = None
        self._smoothed: dict[int, Smoothed] = {}
        self._pointer: QPointF | None = None
        self.header = Header(name, self)
        self.canvas = PlotCanvas(self)
        self.canvas.setObjectName(f"{name}-canvas")
        self.canvas.setAccessibleName(tr("Curves"))
        self.canvas.setToolTip("")
        self._hint = QLabel(self.canvas)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout = Readout(self.canvas)
        self._menu = PlotMenu(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 2, 2)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.canvas, 1)
        self._make_strokes()
        self._connect()
        self._dress()

    def _make_strokes(self) -> None:
        # The latest of the earlier runs lies above the others, and the current one above all.
        self._past = [self.canvas.stroke() for _ in range(2 * KEPT_RUNS)][::-1]
        self._main = {name: self.canvas.stroke() for name in ("raw", "early", "training", "validation")}

    def _connect(self) -> None:
        self.canvas.moved.connect(self.dirtied)
        self.canvas.pointed.connect(self._point)
        self.canvas.following_changed.connect(self.header.set_following)
        self.canvas.menu_wanted.connect(self._menu.open)
        self.header.follow_wanted.connect(self.canvas.follow)
        self.header.legend.changed.connect(self.dirtied)
        self.header.chosen.connect(self._choose)

    # -- what is shown ----------------------------------------------------------------------------------

    def apply(self, settings: Settings) -> None:
        """Draw with other settings."""
        if settings.axis != self._settings.axis:
            self.canvas.follow()
        self._settings = settings
        self.dirtied.emit()

    def _choose(self, name: str) -> None:
        self.figure = name
        self.canvas.follow()

    @property
    def runs(self) -> tuple[RunCurves, ...]:
        """The runs with curves to show, the current one last."""
        past = self.log.past if self.header.legend.shows("past") else ()
        return (*past, self.log.curves)

    def _key(self) -> object:
        legend = self.header.legend
        shown = tuple(legend.shows(kind) for kind in ("training", "validation", "past"))
        return (
            self.log.version, self._settings, self.figure, shown, self.canvas.across, self.canvas.pixels(),
            self.canvas.follows_across, self.canvas.follows_upwards, current_theme().name,
        )  # fmt: skip

    def needs_redraw(self) -> bool:
        """Whether it can be seen and is out of date."""
        seen = self.isVisible() and not self.window().isMinimized()
        # Behind another tab a dock counts as visible, though nothing of it can be seen.
        return seen and self._drawn != self._key() and not self.visibleRegion().isEmpty()

    def take_spent(self) -> float:
        """Processor time that painting took since this was asked last (s)."""
        return self.canvas.take_spent()

    def redraw(self) -> None:
        """Bring everything up to date."""
        self._update_figure()
        runs = self.runs
        is_log = self._settings.log and better(self.figure) == "lower"
        self.canvas.kinds = (KINDS[self._settings.axis], "log" if is_log else "number")
        self.canvas.fit_across(extent(runs, self._settings.axis))
        current, past = self._current_lines(is_log), self._past_lines(is_log)
        self.canvas.fit_upwards([*current[1:], *past], current[:1])
        for stroke, part in zip((*self._main.values(), *self._past), (*current, *past), strict=True):
            stroke.line = part
        self.canvas.best = self._best_mark()
        self._show_hint()
        if self._pointer is not None:
            self._point(self._pointer)
        self.canvas.refresh()
        self._drawn = self._key()

    def _update_figure(self) -> None:
        names = tuple(self._offered(self.log))
        if self.figure not in names:
            self.figure = names[0] if names else ""
        self.header.offer(names, self.figure)

    def _line(self, run: RunCurves, table: Table, name: str, smoothed: Smoothed | None, is_log: bool) -> Line:
        series = smoothed.series if smoothed is not None else table.figures.get(name)
        if series is None:
            return EMPTY
        axis = self._settings.axis
        low, high = self.canvas.across
        # A smoothed line needs fewer points to look the same, and stays cheap enough to be drawn fine.
        pixels = self.canvas.pixels() // 2 if smoothed is not None and smoothed.updates > 1 else self.canvas.pixels()
        first = first_row(run, table, axis)
        return line(table.axes[axis].values, series, low, high, pixels, is_log, first)

    def _current_lines(self, is_log: bool) -> list[Line]:
        """Lines of the current run: single updates, early epochs, training, validation."""
        run, name, legend = self.log.curves, self.figure, self.header.legend
        legend.offer("validation", any(f"val_{name}" in part.epochs.figures for part in self.runs))
        legend.offer("past", bool(self.log.past))
        raw = early = training = validation = EMPTY
        if legend.shows("training"):
            smoothed = self._smooth(run)
            training = self._line(run, run.batches, name, smoothed, is_log)
            raw = self._line(run, run.batches, name, None, is_log) if smoothed.updates > 1 else EMPTY
            early = self._early_line(run, is_log)
        if legend.shows("validation"):
            validation = self._line(run, run.epochs, f"val_{name}", None, is_log)
        return [raw, early, training, validation]

    def _early_line(self, run: RunCurves, is_log: bool) -> Line:
        """Training values by epoch, as far as those of single updates were not kept in the file."""
        whole = self._line(run, run.epochs, self.figure, None, is_log)
        series = run.batches.figures.get(self.figure)
        if series is None:
            return whole
        known = np.isfinite(series.values[: run.timed_from])
        end = int(known.argmax()) if known.any() else run.timed_from
        if end == 0:
            return EMPTY
        cut = np.searchsorted(whole.x, run.batches.axes[self._settings.axis].values[end - 1], side="right")
        return Line(whole.x[:cut], whole.y[:cut], whole.has_gaps)

    def _past_lines(self, is_log: bool) -> list[Line]:
        """Lines of earlier runs, the latest first: training and validation of each."""
        legend = self.header.legend
        past = self.log.past[::-1] if legend.shows("past") else ()
        found: list[Line] = []
        for run in past:
            smoothed = self._smooth(run)
            training = self._line(run, run.batches, self.figure, smoothed, is_log)
            validation = self._line(run, run.epochs, f"val_{self.figure}", None, is_log)
            found += [training if legend.shows("training") else EMPTY]
            found += [validation if legend.shows("validation") else EMPTY]
        return found + [EMPTY] * (2 * (KEPT_RUNS - len(past)))

    def _smooth(self, run: RunCurves) -> Smoothed:
        """The smoothed training curve of a run, made once for each."""
        found = self._smoothed.get(id(run.batches))
        wanted = (run.batches, self.figure, self._settings.smoothing)
        if found is None or (found.table, found.figure, found.updates) != wanted:
            found = Smoothed(*wanted)
            kept = {id(part.batches) for part in (*self.log.past, self.log.curves)}
            self._smoothed = {key: value for key, value in self._smoothed.items() if key in kept}
            self._smoothed[id(run.batches)] = found
        return found

    def _best_mark(self) -> Mark | None:
        run, name = self.log.curves, self.figure
        judged = f"val_{name}" if f"val_{name}" in run.epochs.figures else name
        best = run.best_epoch(judged, better(name)) if len(run.epochs) > 1 else None
        if best is None:
            return None
        row, value = best
        epoch = int(run.epochs.axes["epochs"].values[row])
        position = float(run.epochs.axes[self._settings.axis].values[row])
        text = tr("best {value}, epoch {epoch}", value=figure_text(value), epoch=epoch)
        return Mark(position, text, low=better(name) == "higher")

    def _show_hint(self) -> None:
        empty = not any(len(run) for run in self.runs)
        no_metric = not empty and not self.figure
        text = tr("The curves of the training appear here.") if empty else tr("No metric is watched in this run.")
        self._hint.setVisible(empty or no_metric)
        self._hint.setText(text)
        self.canvas.has_scales = not (empty or no_metric)

    # -- pointer, theme, size ---------------------------------------------------------------------------

    def _point(self, place: QPointF | None) -> None:
        self._pointer = place
        rows: list[Row] = []
        self.canvas.pointer = None
        if place is not None and self.figure and len(self.log.curves):
            position = self.canvas.frame().position(place.x())
            rows = self._rows_at(position)
            self.canvas.pointer = Mark(position)
        self.canvas.refresh_marks()
        self._readout.show_rows(rows, place.toPoint() if place is not None else QPoint())

    def _rows_at(self, position: float) -> list[Row]:
        run, axis, colors, legend = self.log.curves, self._settings.axis, current_theme().series, self.header.legend
        top = heading(run, axis, position)
        rows = [top] if top is not None else []
        if legend.shows("training"):
            rows += training_rows(run, self._smooth(run), axis, position, colors[0])
        if legend.shows("validation"):
            rows += validation_rows(run, self.figure, axis, position, colors[1])
        if legend.shows("past"):
            for past in self.log.past[::-1]:
                rows += past_rows(past, self.figure, axis, position, current_theme().disabled)
        return rows

    def title(self) -> str:
        """What is plotted, as said on the screen."""
        return title(self.figure or "loss")

    def _dress(self) -> None:
        colors = current_theme().series
        looks = {
            "raw": Look(colors[0], 0.35 if current_theme().is_dark else 0.28, 1.0),
            "early": Look(colors[0], dots=True),
            "training": Look(colors[0]),
            "validation": Look(colors[1], dots=True),
        }
        for name, look in looks.items():
            self._main[name].look = look
        for place, stroke in enumerate(self._past):
            stroke.look = Look(colors[place % 2], _FADE[place // 2], 1.2)
        for place, kind in enumerate(("training", "validation")):
            self.header.legend.set_color(kind, colors[place])
        self.header.legend.set_color("past", colors[0], _FADE[0])
        self.canvas.dress()
        self._drawn = None

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
            self.header.dress()
            self.dirtied.emit()
        super().changeEvent(event)

    def resizeEvent(self, event: QEvent) -> None:
        """Thin the curves anew for the new width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._hint.setGeometry(self.canvas.rect())
        self.dirtied.emit()

    def showEvent(self, event: QEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.dirtied.emit()

    def lines(self) -> dict[str, Line]:
        """The points of the current run's curves, by name: raw, early, training, validation."""
        return {name: stroke.line for name, stroke in self._main.items()}

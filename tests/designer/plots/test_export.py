import csv
import io
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from designer.plots.curve_plot import CurvePlot
from designer.plots.curves_area import loss_names
from designer.plots.export import COLUMNS, cell, csv_text, rows
from tests.designer.plots.runs import events, log_of


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot(log_of(events(2), events(3)), "loss", loss_names)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    made.redraw()
    return made


def test_numbers_of_all_runs_are_written(plot: CurvePlot, tmp_path: Path) -> None:
    path = tmp_path / "loss.csv"
    plot._menu.save_numbers(str(path))
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    assert tuple(table[0]) == COLUMNS
    assert {row["run"] for row in table} == {"1", "2"}
    last = [row for row in table if row["run"] == "2" and row["curve"] == "val_loss"]
    assert [float(row["value"]) for row in last] == plot.log.curves.epochs.figures["val_loss"].values.tolist()
    assert len([row for row in table if row["curve"] == "loss of the update"]) == 250


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    row = list(csv.reader(io.StringIO(csv_text([(1, text, 1, 1.0, 0.0, -0.5)]), newline="")))[1]
    assert row == ["1", f"'{text}", "1", "1.0", "0.0", "-0.5"]


def test_names_of_nodes_cannot_become_formulas() -> None:
    run = events(1, metric='=HYPERLINK("x")_loss')
    table = csv_text(rows((log_of(run).curves,), '=HYPERLINK("x")_loss'))
    cells = [row[1] for row in csv.reader(table.splitlines()[1:])]
    assert cells
    assert all(not text.startswith("=") for text in cells)


def test_the_picture_is_a_png_twice_as_fine(plot: CurvePlot, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "loss.png"
    with qtbot.waitSignal(plot.saved) as saved:
        plot._menu.save_picture(str(path))
    assert QImage(str(path)).width() == 800
    assert saved.args[0] == f"Saved as loss.png in {tmp_path}."


def test_the_picture_reaches_the_clipboard(plot: CurvePlot) -> None:
    plot._menu.copy_picture()
    assert QApplication.clipboard().image().width() == 800


def test_a_place_that_cannot_be_written_is_named(plot: CurvePlot, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.failed) as failed:
        plot._menu.save_numbers(str(tmp_path / "missing" / "loss.csv"))
    assert "'loss.csv' could not be written" in failed.args[0]


def test_the_menu_asks_for_a_file_and_writes_it(plot: CurvePlot, tmp_path: Path, qtbot: QtBot) -> None:
    menu = plot._menu.made()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Show the whole run", "Copy picture", "Save picture…", "Save numbers…"]
    menu.actions()[3].trigger()
    dialog = plot.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(tmp_path / "out.csv"))
    dialog.done(0)
    assert (tmp_path / "out.csv").exists()
    menu.deleteLater()

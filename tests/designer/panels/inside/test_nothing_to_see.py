"""Where there is nothing to look at, nothing of what was there before is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from designer.panels.inside.layers import ACTIVATIONS, FILTERS
from designer.panels.inside.sample import DRAW, FILE
from designer.training.look import Origin
from engine.project import Project
from engine.templates import TEMPLATES, chain
from tests.designer.panels.inside.conftest import drag

#: Longer than a look at the small network takes (ms).
LONG = 400


def draw(stage, button=Qt.MouseButton.LeftButton) -> None:
    area = stage.panel.chooser.draw.pad.area()
    across = area.left() + 0.2 * area.width()
    drag(stage.panel.chooser.draw.pad, [(across, area.top() + 2), (across, area.bottom() - 2)], button)


def is_empty(stage) -> bool:
    """Whether neither an answer nor a map nor a layer is seen."""
    panel = stage.panel
    thumbs = panel.layers.strip._images
    return panel.prediction.bars.answer is None and panel.cam.plate.picture is None and not thumbs


def other_project() -> Project:
    graph = chain(("Input", {"shape": (4,)}), ("Dense", {"units": 2}))
    return Project(graph)


@pytest.mark.parametrize("seen", [True, False])
def test_another_project_empties_the_panel_at_once(stage, seen: bool) -> None:
    stage.show()
    panel = stage.panel
    assert panel.layers.strip.layers and panel.layers.plate.picture is not None and panel.cam.classes.count()
    panel.enlarge(panel.layers.plate)
    panel.chooser.browser.step(1)
    panel.ask()  # its answer is on its way when the project goes
    panel.setVisible(seen)
    stage.document.reset(other_project())

    for _ in range(2):
        assert is_empty(stage)
        assert panel.layers.strip.layers == () and panel.layers.layer is None
        assert panel.layers.plate.picture is None and panel.layers.title.text == ""
        assert not panel.cam.classes.count() and not panel.cam.layers.count() and not panel.prediction.outputs.count()
        assert panel.big.plate.picture is None and not panel.big.isVisible()
        assert panel.chooser.browser.plate.picture is None
        assert panel.chooser.browser.plate.hint == "Choose data in the Data panel."
        assert panel.state.text == "Choose data in the Data panel; their samples can be looked at here."
        stage.qtbot.wait(LONG)


def test_data_that_are_still_being_loaded_are_waited_for(stage) -> None:
    stage.show()
    stage.document.reset(TEMPLATES["digits-dense"].make())

    assert is_empty(stage)
    assert stage.panel.state.text.startswith("The data are not loaded yet")


def test_the_next_project_is_seen(stage) -> None:
    stage.show()
    project, dataset = stage.document.project, stage.document.dataset
    stage.document.reset(other_project())
    assert is_empty(stage)
    stage.document.reset(project)
    stage.document.set_dataset(dataset)
    stage.until(lambda: stage.panel.prediction.bars.answer is not None)
    stage.settle()

    assert stage.panel.layers.strip.layers and stage.panel.layers.plate.picture is not None


def test_an_empty_pad_shows_no_answer_of_the_sample_before(stage) -> None:
    stage.show()
    stage.panel.chooser.browser.step(1)
    stage.panel.ask()
    stage.panel.chooser.ways.choose(DRAW)

    for _ in range(2):
        assert is_empty(stage)
        assert stage.panel.state.text.startswith("Draw something")
        stage.qtbot.wait(LONG)


def test_an_empty_pad_shows_nothing_during_a_run_and_strokes_bring_it_back(stage) -> None:
    stage.show()
    stage.train()
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.RUNNING)
    stage.panel.chooser.ways.choose(DRAW)
    looks = []
    stage.panel.insight.looked.connect(looks.append)
    stage.qtbot.wait(LONG)
    assert is_empty(stage) and not looks
    draw(stage)
    stage.until(lambda: len({look.knowledge.step for look in looks}) > 2)

    assert not is_empty(stage)


def test_a_panel_opened_during_a_run_with_an_empty_pad_is_alive_with_the_first_stroke(stage) -> None:
    stage.panel.chooser.refresh()
    stage.panel.chooser.ways.choose(DRAW)
    stage.train()
    stage.panel.show()
    stage.qtbot.wait(LONG)
    assert is_empty(stage)
    draw(stage)
    stage.until(lambda: not is_empty(stage))

    assert stage.panel._look.knowledge.origin is Origin.RUNNING


def test_a_pad_on_which_only_was_erased_is_empty(stage) -> None:
    stage.show()
    stage.panel.chooser.ways.choose(DRAW)
    draw(stage, Qt.MouseButton.RightButton)
    stage.qtbot.wait(LONG)

    assert stage.panel.chooser.draw.pad.drawing.is_empty
    assert is_empty(stage)


def test_without_a_file_the_drawing_is_not_shown_in_its_place(stage) -> None:
    stage.show()
    stage.panel.chooser.ways.choose(DRAW)
    draw(stage)
    stage.until(lambda: not is_empty(stage))
    draw(stage)
    stage.panel.ask()
    stage.panel.chooser.ways.choose(FILE)

    for _ in range(2):
        assert is_empty(stage)
        assert stage.panel.chooser.file.plate.picture is None
        assert stage.panel.chooser.file.plate.hint.startswith("Open or drop a picture")
        assert stage.panel.state.text.startswith("Open or drop a picture")
        stage.qtbot.wait(LONG)


def test_filters_outlive_a_broken_picture(stage, tmp_path: Path) -> None:
    stage.show()
    panel = stage.panel
    panel.layers.modes.choose(FILTERS)
    stage.settle()
    shown = panel.layers.plate.picture.image
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    panel.chooser.ways.choose(FILE)
    panel.chooser.file.choose(broken)
    stage.until(lambda: "broken.png" in panel.state.text)
    stage.settle()
    assert panel.prediction.bars.answer is None
    assert panel.layers.plate.picture.image == shown
    assert "filters" in panel.layers.title.text

    panel.layers.choose("conv2d")
    panel.layers.choose("dense")
    stage.settle()
    assert panel.layers.plate.picture is not None  # over the picture that was laid flat
    panel.layers.choose("max_pooling2d")
    stage.settle()
    assert panel.layers.plate.hint.startswith("This layer has no filters")
    panel.layers.modes.choose(ACTIVATIONS)
    stage.settle()
    assert panel.layers.plate.picture is None and panel.layers.plate.hint == ""

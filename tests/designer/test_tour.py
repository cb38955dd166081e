from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from designer.tour import drawing, learning
from designer.tour.__main__ import main, size_of
from designer.tour.hand import TourError
from designer.tour.journey import Journey, expect
from designer.tour.tour import STEPS, run
from engine.registry import add_module, layers

SIZE = QSize(1280, 800)
# The offscreen platform says of each pop-up what it cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

#: The whole of a new layer: what a plug-in's author writes.
GAIN = '''
"""Gain: multiplies every number by a fixed factor."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from engine.catalogue.layers.base import Array, Example, Lane, Layer
from engine.component import component, setting
from engine.constraints import Number
from engine.kernels.jit import kernel


@kernel
def multiply(source: Any, factor: Any, target: Any) -> None:
    """target = factor * source for two-dimensional arrays."""
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] = factor * source[i, j]


@component
class Gain(Layer):
    """y = factor * x."""

    category: ClassVar[str] = "Experiments"
    icon: ClassVar[str] = "mdi6.volume-high"
    examples: ClassVar[tuple[Example, ...]] = (Example({"factor": 3.0}, ((5,),)),)

    factor: Annotated[float, Number(-100, 100)] = setting(2.0, "What every number is multiplied by.")

    @property
    def badge(self) -> str:
        return f"{self.factor:g}"

    def forward(self, lane: Lane) -> None:
        self._times(lane, lane.x[0], lane.y[0])

    def backward(self, lane: Lane) -> None:
        if lane.dx[0] is not None:
            self._times(lane, lane.dy[0], lane.dx[0])

    def _times(self, lane: Lane, source: Array, target: Array) -> None:
        rows = lane.rows
        lane.call(multiply, source.reshape(rows, -1), lane.number_of(self.factor), target.reshape(rows, -1))
'''


def test_the_tour_passes_and_leaves_a_picture_of_each_step(dressed, tmp_path: Path, capsys) -> None:
    code = run(tmp_path / "out", ("light",), SIZE)
    said = capsys.readouterr()
    assert code == 0, said.err
    assert said.out.splitlines()[-1] == f"tour: {len(STEPS)} steps, all passed"
    assert len(said.out.splitlines()) == len(STEPS) + 1
    pictures = sorted((tmp_path / "out").glob("*.png"))
    assert len(pictures) == len(STEPS)
    for picture in pictures:
        image = QImage(str(picture))
        assert not image.isNull()
        assert len({image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}) > 3


def test_a_failing_step_is_named(dressed, tmp_path: Path, capsys) -> None:
    def expect_the_moon(journey: Journey) -> str:
        expect(journey.window.document.project.graph.nodes, "the canvas is empty")
        return "unreachable"

    code = run(tmp_path, ("light",), SIZE, (drawing.open_the_window, expect_the_moon))
    said = capsys.readouterr()
    assert code == 1
    assert "all passed" not in said.out
    assert said.err.strip() == "tour: step 2 (expect the moon, light) failed: the canvas is empty."
    assert (tmp_path / "light-02-expect-the-moon.png").is_file()


def test_the_command_line_is_explained(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--out" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["--size", "12"])
    assert ended.value.code == 2
    assert size_of("1920x1080") == QSize(1920, 1080)


@pytest.fixture
def gain(tmp_path: Path) -> Iterator[None]:
    """A layer that did not exist before: one file."""
    path = tmp_path / "layerloom_gain.py"
    path.write_text(GAIN, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    assert [cls.key for cls in add_module(module)] == ["Gain"]
    yield
    layers.remove("Gain")
    del sys.modules[path.stem]


def set_the_gain(journey: Journey) -> None:
    """Between flatten and the first dense layer; 0.5 typed in the inspector."""
    start = drawing.palette_point(journey, "Gain")
    journey.hand.drag(start, (journey.output_point("flatten") + journey.input_point("dense")) / 2)
    journey.hand.wait(lambda: "gain" in journey.project.graph.nodes, "the new layer's arrival", 5)
    graph = journey.project.graph
    assert [edge.target for edge in graph.out_of("gain")] == ["dense"]
    assert [edge.source for edge in graph.into("gain")] == ["flatten"]
    journey.hand.click("fit-button")  # what follows made room and may be out of sight
    journey.hand.click_at(journey.node_point("gain"))
    journey.hand.replace_text("param-factor", "0.5")
    assert vars(journey.layer("gain"))["factor"] == 0.5


def test_a_new_layer_is_one_file(dressed, qtbot, gain, tmp_path: Path) -> None:
    journey = Journey(tmp_path / "Gain.loom", SIZE)
    try:
        for step in (drawing.open_the_window, drawing.drag_layers, drawing.connect_layers):
            step(journey)
        set_the_gain(journey)
        for step in (drawing.set_parameters, drawing.choose_digits, drawing.click_the_fix, learning.set_training):
            step(journey)
        for step in (learning.train_live, learning.save_while_training, learning.stop, learning.save_and_close):
            step(journey)
        assert '"Gain"' in (journey.folder / "project.json").read_text(encoding="utf-8")
        for step in (learning.reopen, learning.train_on, learning.leave):
            step(journey)
        state = learning.known_state(journey)
        assert state.graph.nodes["gain"].layer.to_json() == {"type": "Gain", "factor": 0.5}
        assert np.isfinite(state.weights["dense"]["kernel"]).all()
    except TourError as error:
        pytest.fail(str(error))
    finally:
        journey.discard()

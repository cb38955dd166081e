"""Mosaics, filters and maps on the screen: pointing, enlarging, saving."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from designer.panels.inside.layers import ACTIVATIONS, FILTERS
from designer.theme import apply_theme
from engine.explain.explainer import Explainer
from engine.explain.question import CamQuestion, Question
from engine.plan.parameters import Parameters
from tests.designer.panels.inside.conftest import pictures, small_net


def fresh(stage):
    parameters = Parameters(stage.document.project.graph, stage.document.inference, np.dtype("float32"))
    parameters.initialize(stage.document.project.training.seed)
    return parameters.copy()


def explained(stage, **more):
    sample = {"input": stage.panel.chooser.fields()["image"]}
    return Explainer(stage.document.project.graph).look(fresh(stage), Question(sample, **more))


def point(plate, x: float, y: float) -> QPoint:
    """Where a place of the picture lies in the plate."""
    area = plate.area()
    scale = area.width() / plate.picture.image.width()
    return QPoint(round(area.left() + x * scale), round(area.top() + y * scale))


def test_the_layer_under_the_pointer_tells_its_number(stage) -> None:
    stage.show()
    layers = stage.panel.layers
    layers.choose("conv2d")
    stage.settle()
    values = explained(stage, activations=("conv2d",)).activations["conv2d"]
    left, top, _, _ = stage.panel._look.large.box(2)

    QTest.mouseMove(layers.plate, point(layers.plate, left + 4.5, top + 3.5))
    stage.until(lambda: bool(layers.readout.text))
    assert layers.readout.text == f"conv2d, channel 2, row 3, column 4: {values[3, 4, 2]:.4g}"
    QTest.mouseMove(layers.plate, QPoint(0, 0))


def test_a_channel_is_shown_alone_and_all_again(stage) -> None:
    stage.show()
    layers = stage.panel.layers
    layers.choose("conv2d_1")
    stage.settle()
    whole = layers.plate.picture.size
    left, top, width, height = stage.panel._look.large.box(3)
    place = point(layers.plate, left + 2, top + 2)

    QTest.mouseClick(layers.plate, Qt.MouseButton.LeftButton, pos=place)
    assert layers.channel == 3 and "channel 3" in layers.title.text
    assert (layers.plate.picture.size.width(), layers.plate.picture.size.height()) == (width, height)
    QTest.keyClick(layers.plate, Qt.Key.Key_Right)
    assert layers.channel == 4
    QTest.keyClick(layers.plate, Qt.Key.Key_Escape)
    assert layers.channel is None and layers.plate.picture.size == whole


def test_layers_are_chosen_in_the_strip_and_on_the_canvas(stage) -> None:
    stage.show()
    layers = stage.panel.layers
    strip = layers.strip
    assert strip.layers == stage.document.project.graph.order
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.cell("dense").center())
    stage.settle()
    assert stage.panel._look.large.axes == (3,)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert layers.layer == "flatten"
    stage.selection.set({"max_pooling2d"})
    stage.settle()
    assert layers.layer == "max_pooling2d"
    assert stage.panel._look.large.axes == (4, 4, 6)


def test_the_strip_tells_the_share_of_zeros(stage) -> None:
    stage.show()
    values = explained(stage, activations=("conv2d_1",)).activations["conv2d_1"]
    share = round(100 * float((values == 0).mean()))
    assert f"{share} % of its numbers are zero" in stage.panel.layers.strip.words("conv2d_1")


def test_filters_are_the_weights(stage) -> None:
    stage.show()
    layers = stage.panel.layers
    layers.choose("max_pooling2d")
    layers.modes.choose(FILTERS)
    stage.settle()
    kernel = fresh(stage)["conv2d"]["kernel"]
    assert layers.layer == "conv2d"
    assert np.array_equal(stage.panel._look.kernel.values, kernel[:, :, 0, :])

    layers.choose("conv2d_1")
    stage.settle()
    combo = stage.panel.findChild(QComboBox, "inside-kernel-input")
    assert combo.count() == 4 and not combo.isHidden()
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    stage.settle()
    assert np.array_equal(stage.panel._look.kernel.values, fresh(stage)["conv2d_1"]["kernel"][:, :, 2, :])

    layers.choose("max_pooling2d")
    stage.settle()
    assert layers.plate.picture is None and "no filters" in layers.plate.hint
    layers.modes.choose(ACTIVATIONS)
    stage.settle()
    assert layers.plate.picture is not None


def test_filters_over_colours_are_in_colour(make_stage) -> None:
    stage = make_stage(small_net(3), pictures(colours=3))
    stage.show()
    stage.panel.layers.modes.choose(FILTERS)
    stage.settle()
    kernel = fresh(stage)["conv2d"]["kernel"]
    reach = np.abs(kernel).max()
    image = stage.panel.layers.plate.picture.image
    colour = image.pixelColor(0, 0)
    wanted = [(0.5 + v / (2 * reach)) * 255 for v in kernel[0, 0, :, 0]]
    assert np.abs(np.array([colour.red(), colour.green(), colour.blue()]) - wanted).max() < 1.5


def test_a_dense_layer_over_a_picture_shows_what_it_looks_for(stage) -> None:
    stage.show()
    stage.panel.layers.modes.choose(FILTERS)
    stage.panel.layers.choose("dense")
    stage.settle()
    kernel = fresh(stage)["dense"]["kernel"].reshape(4, 4, 6, 3)
    assert np.array_equal(stage.panel._look.kernel.values, kernel[:, :, 0, :])


def test_the_map_is_grad_cam_of_the_chosen_class_and_layer(stage) -> None:
    stage.show()
    cam = stage.panel.cam
    assert cam.layers.currentData() == "conv2d_1"
    cam.classes.setCurrentIndex(cam.classes.findData(1))
    cam.layers.setCurrentIndex(cam.layers.findData("conv2d"))
    cam.classes.activated.emit(0)
    stage.settle()
    wanted = explained(stage, cam=CamQuestion("conv2d", 1)).cam
    seen = stage.panel._look.cam
    assert (seen.layer, seen.target) == ("conv2d", 1)
    np.testing.assert_array_equal(seen.heat, wanted.heat)
    assert "right" in cam.title.text  # the name of class 1
    before = cam.plate.picture.strength
    cam.strength.setValue(10)
    assert cam.plate.picture.strength < before


def test_without_convolutions_the_map_says_why_not(make_stage) -> None:
    project = small_net()
    graph = project.graph.without({"conv2d", "conv2d_1", "max_pooling2d"})
    edge = type(project.graph.edges[0])
    stage = make_stage(project.with_graph(graph.connect(edge("input", "flatten"))), pictures())
    stage.show()
    assert stage.panel.cam.plate.picture is None
    assert "Conv2D" in stage.panel.cam.plate.hint
    assert stage.panel.prediction.bars.answer is not None


def test_a_picture_is_enlarged_live_and_put_back(stage) -> None:
    stage.show()
    plate = stage.panel.layers.plate
    plate.setFocus()
    QTest.keyClick(plate, Qt.Key.Key_Return)
    big = stage.panel.big
    assert big.isVisible() and big.plate.picture is plate.picture
    stage.panel.chooser.browser.step(1)
    stage.settle()
    assert big.plate.picture is plate.picture
    QTest.keyClick(big.plate, Qt.Key.Key_Escape)
    assert not big.isVisible() and plate.isVisible()
    QTest.mouseDClick(stage.panel.cam.plate, Qt.MouseButton.LeftButton)
    assert big.isVisible()
    QTest.mouseDClick(big.plate, Qt.MouseButton.LeftButton)
    assert not big.isVisible()


def test_saved_pictures_open_again(stage, tmp_path: Path) -> None:
    stage.show()
    for place, plate in enumerate(stage.panel.plates):
        if plate.picture is None:
            continue
        path = tmp_path / f"{place}.png"
        plate.save(str(path))
        with Image.open(path) as picture:
            picture.load()
            size = plate.picture.size
            assert max(picture.size) >= 640
            assert picture.width / picture.height == size.width() / size.height()
    large = stage.panel._look.large
    plate = stage.panel.layers.plate
    plate.save(str(tmp_path / "mosaic.png"))
    with Image.open(tmp_path / "mosaic.png") as picture:
        pixels = np.asarray(picture.convert("RGBA"))
    scale = pixels.shape[0] // large.codes.shape[0]
    middles = pixels[scale // 2 :: scale, scale // 2 :: scale]
    # Between tiles nothing is opaque, and equal codes have equal colours.
    assert (middles[large.codes == 255][:, 3] == 0).all()
    assert (middles[large.codes == 0] == middles[large.codes == 0][0]).all()


def test_a_place_that_cannot_be_written_is_a_sentence(stage, tmp_path: Path) -> None:
    stage.show()
    stage.panel.layers.plate.save(str(tmp_path / "no such folder" / "a.png"))
    assert "a.png" in stage.panel.state.text
    assert list(tmp_path.rglob("*.png")) == []


def test_everything_is_drawn_in_both_themes(stage, dressed) -> None:
    stage.show()
    shots = []
    try:
        for theme in ("light", "dark"):
            apply_theme(dressed, theme)
            shots.append(stage.panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))
    finally:
        apply_theme(dressed, "light")
    for shot, dark in zip(shots, (False, True), strict=True):
        assert (shot.pixelColor(2, 2).lightness() < 128) is dark
        assert len({shot.pixel(x, y) for x in range(0, shot.width(), 7) for y in range(0, shot.height(), 7)}) > 40


def test_every_control_teaches_and_has_a_name(stage) -> None:
    stage.show()
    controls = [w for w in stage.panel.findChildren(object) if getattr(w, "focusPolicy", None) and w.isVisible()]
    focusable = [w for w in controls if w.focusPolicy() != Qt.FocusPolicy.NoFocus and w.objectName()]
    named = [w for w in focusable if not w.objectName().startswith("qt_")]
    assert len(named) > 12
    assert [w.objectName() for w in named if not w.toolTip()] == []

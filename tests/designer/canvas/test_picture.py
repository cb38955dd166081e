"""Pictures of the network: whole, light, sharp, and the same whatever is selected or wrong."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from designer.canvas.picture import LONGEST, MARGIN, SHARP, WRITERS, encoded, image, pdf, png, svg
from designer.model.document import Document
from designer.theme import LIGHT, apply_theme
from engine.errors import UsageError
from engine.project import Project
from engine.templates import TEMPLATES, chain
from tests.designer.canvas.stagehand import Stagehand


@pytest.fixture
def document(dressed: QApplication) -> Document:
    return Document(TEMPLATES["digits-convolution"].make())


def colors(picture: QImage) -> set[str]:
    """The colours on a coarse grid."""
    return {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }


def test_all_layers_are_in_it(document: Document) -> None:
    picture = image(document)

    nodes = document.project.graph.nodes.values()
    height = max(node.position[1] for node in nodes) - min(node.position[1] for node in nodes)
    assert picture.height() >= SHARP * (height + 2 * MARGIN)
    assert picture.pixelColor(2, 2) == QColor(LIGHT.canvas)
    kinds = {LIGHT.category(node.layer.category) for node in nodes}
    assert kinds <= colors(picture), "every category's band"


def test_the_theme_the_selection_and_faults_do_not_show(stage: Stagehand) -> None:
    plain = image(stage.document)
    stage.selection.set({"dense"})
    apply_theme(QApplication.instance(), "dark")
    try:
        assert image(stage.document) == plain
    finally:
        apply_theme(QApplication.instance(), "light")
    assert LIGHT.error not in colors(plain)


def test_a_drawing_holds_no_pixels_and_no_fonts(document: Document) -> None:
    content = svg(document)
    tree = ElementTree.fromstring(content)
    tags = {element.tag.split("}")[1] for element in tree.iter()}
    assert "path" in tags
    assert not {"image", "text"} & tags

    renderer = QSvgRenderer(QByteArray(content))
    assert renderer.isValid()
    assert abs(renderer.viewBox().height() * SHARP - image(document).height()) <= 2


def test_a_page_is_as_large_as_the_network(document: Document) -> None:
    content = pdf(document)

    assert content.startswith(b"%PDF-")
    box = content[content.index(b"/MediaBox [") + 11 :].split(b"]")[0].split()
    assert abs(float(box[3]) * SHARP - image(document).height()) <= 4
    assert b"/Subtype /Image" not in content


def test_a_network_that_is_very_flat_still_has_a_picture(dressed: QApplication) -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 3}))
    content = png(Document(Project(graph.placed({"dense": (5e7, 0.0)}))))
    picture = QImage.fromData(content)
    assert picture.width() > LONGEST // 2
    assert picture.height() == 1


def test_no_pixels_are_told_instead_of_an_empty_file() -> None:
    with pytest.raises(UsageError, match="no pixels"):
        encoded(QImage())


def test_long_networks_stay_within_the_limits(dressed: QApplication) -> None:
    steps = [("Dense", {"units": 3})] * 200
    document = Document(Project(chain(("Input", {"shape": (3,)}), *steps)))

    picture = QImage.fromData(QByteArray(png(document)))
    page = pdf(document)

    assert picture.height() == LONGEST
    box = page[page.index(b"/MediaBox [") + 11 :].split(b"]")[0].split()
    assert float(box[3]) <= 14_400


@pytest.mark.parametrize("suffix", WRITERS)
def test_an_empty_network_has_no_picture(dressed: QApplication, suffix: str) -> None:
    with pytest.raises(UsageError, match=r"The network is empty, so there is nothing to make a picture of\."):
        WRITERS[suffix](Document())


def test_making_one_leaves_the_canvas_alone(stage: Stagehand) -> None:
    stage.selection.set({"dense"})
    before = {key: (item.box, item.look, item.state) for key, item in stage.scene.nodes.items()}
    buffer = QBuffer()
    buffer.setData(png(stage.document))

    assert {key: (item.box, item.look, item.state) for key, item in stage.scene.nodes.items()} == before
    assert stage.scene.nodes["dense"].pos() == QPointF(*stage.document.project.graph.nodes["dense"].position)

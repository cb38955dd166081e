"""The whole network as a picture: PNG, SVG or PDF, or for the clipboard; always dark on light, as paper is."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import replace

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPdfWriter,
    QPen,
)  # fmt: skip
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from designer.canvas.painter import CanvasPainter
from designer.canvas.scene import CanvasScene
from designer.canvas.stamps import Stamps
from designer.icons import icon
from designer.model.document import Document
from designer.model.selection import Selection
from designer.theme import LIGHT
from engine.errors import UsageError

#: Space around the network (canvas units), pixels for each unit, and the most pixels along and in all.
MARGIN, SHARP, LONGEST, MOST = 32.0, 2.0, 16_000, 64_000_000
#: The longest side of a PDF page that viewers show (points).
PAGE = 14_000
_INCH = 72
#: What browsers take for an inch (pixels).
_CSS = 96


class _Direct(Stamps):
    """Draws instead of keeping pictures: lines stay lines."""

    def draw(
        self, painter: QPainter, key: Hashable, place: QRectF, zoom: float, make: Callable[[QPainter], None]
    ) -> None:
        """Draw it."""
        painter.save()
        make(painter)
        painter.restore()


class _PicturePainter(CanvasPainter):
    """The canvas's painter on paper: nothing is a raster, and icons are glyphs."""

    def __init__(self) -> None:
        super().__init__(LIGHT)
        self._stamps = _Direct()

    def _icon(self, painter: QPainter, name: str, color: QColor, rect: QRectF, zoom: float) -> None:
        if rect.width() >= 1:
            icon(name, color.name()).paint(painter, rect.toRect())


class _Outliner(QPainter):
    """Writes texts as outlines, because fonts are missing where the picture is looked at."""

    def drawText(self, *args: object) -> None:  # type: ignore[override]
        """Draw one line of text within a rectangle."""
        place, flags, text = args[0], Qt.AlignmentFlag(int(args[1])), str(args[2])  # type: ignore[call-overload]
        rect = QRectF(place)  # type: ignore[call-overload]
        metrics = QFontMetricsF(self.font())
        width, left = metrics.horizontalAdvance(text), rect.left()
        if flags & Qt.AlignmentFlag.AlignHCenter:
            left = rect.center().x() - width / 2
        elif flags & Qt.AlignmentFlag.AlignRight:
            left = rect.right() - width
        base = rect.top() + metrics.ascent()
        if flags & Qt.AlignmentFlag.AlignVCenter:
            base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        path = QPainterPath()
        path.addText(left, base, self.font(), text)
        self.fillPath(path, self.pen().color())


def png(document: Document) -> bytes:
    """The network as the contents of a PNG file.

    Raises:
        UsageError: the network is empty, or there is no memory for that many pixels.
    """
    return encoded(image(document))


def encoded(pixels: QImage) -> bytes:
    """Pixels as the contents of a PNG file.

    Raises:
        UsageError: there are none.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not pixels.save(buffer, "PNG"):
        raise UsageError("The picture has no pixels: there is not enough memory for it. Save it as .svg or .pdf.")
    return bytes(buffer.data().data())


def image(document: Document) -> QImage:
    """The network as pixels, two for each unit unless that were too many.

    Raises:
        UsageError: the network is empty.
    """
    scene, place = _scene(document)
    size = place.size()
    scale = min(SHARP, LONGEST / max(size.width(), size.height()), math.sqrt(MOST / (size.width() * size.height())))
    made = QImage((size * scale).toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    made.fill(QColor(LIGHT.canvas))
    _render(scene, made, QPainter(), place, QRectF(made.rect()))
    return made


def svg(document: Document) -> bytes:
    """The network as the contents of an SVG file, texts as outlines.

    Raises:
        UsageError: the network is empty.
    """
    scene, place = _scene(document)
    buffer, made = QBuffer(), QSvgGenerator()
    made.setOutputDevice(buffer)
    made.setTitle("Layerloom")
    made.setResolution(_CSS)
    page = QRectF(0, 0, place.width(), place.height())
    made.setSize(QSize(math.ceil(page.width()), math.ceil(page.height())))
    made.setViewBox(page)
    _render(scene, made, _Outliner(), place, page)
    return bytes(buffer.data().data())


def pdf(document: Document) -> bytes:
    """The network as the contents of a PDF file of one page that fits it.

    Raises:
        UsageError: the network is empty.
    """
    scene, place = _scene(document)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QPdfWriter(buffer)
    made.setCreator("Layerloom")
    # A larger resolution makes the page smaller and keeps every detail.
    resolution = math.ceil(_INCH * max(1.0, max(place.width(), place.height()) / PAGE))
    made.setResolution(resolution)
    points = QSizeF(place.width(), place.height()) * (_INCH / resolution)
    made.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    made.setPageMargins(QMarginsF())
    _render(scene, made, QPainter(), place, QRectF(0, 0, place.width(), place.height()))
    return bytes(buffer.data().data())


#: What writes a kind of file, by its suffix.
WRITERS: dict[str, Callable[[Document], bytes]] = {".png": png, ".svg": svg, ".pdf": pdf}


def _scene(document: Document) -> tuple[CanvasScene, QRectF]:
    """A scene of the network alone, with nothing selected and no faults marked; and what of it is shown."""
    if not document.project.graph.nodes:
        raise UsageError("The network is empty, so there is nothing to make a picture of. Add a layer first.")
    scene = CanvasScene(document, Selection(document), painter=_PicturePainter())
    for fault in scene.faults.values():
        fault.hide()
    for item in scene.shown():
        item.show_look(item.box, replace(item.look, severity=""))
    place = QRectF()
    for shown in scene.items():
        shown.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        if shown.isVisible():
            place = place.united(shown.sceneBoundingRect())
    return scene, place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def _render(scene: CanvasScene, device: QPaintDevice, painter: QPainter, place: QRectF, page: QRectF) -> None:
    painter.begin(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setPen(QPen(Qt.PenStyle.NoPen))
    painter.fillRect(page, QColor(LIGHT.canvas))
    scene.render(painter, page, place)
    painter.end()
    scene.deleteLater()

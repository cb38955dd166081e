"""Draw something and see at once what the network takes it for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from designer.panels.form.icon_button import IconButton
from designer.panels.inside.pad import Pad
from designer.panels.inside.rows import Array
from designer.text import tr
from designer.theme import set_kind
from engine.tensor_spec import TensorSpec


class DrawPage(QWidget):
    """The pad and what belongs to it.

    Attributes:
        changed: emitted when the drawing, or how it is prepared, changed.
        pad: where one draws.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-draw")
        self._shape: object = None
        self.pad = Pad()
        self.pad.drawn.connect(self.changed)
        undo = IconButton("undo", tr("Takes the last stroke back (Ctrl+Z on the pad)."), tr("Undo stroke"))
        undo.setObjectName("inside-undo-stroke")
        undo.clicked.connect(self.pad.undo)
        clear = IconButton("eraser", tr("Begins with an empty pad (Delete on the pad)."), tr("Clear the pad"))
        clear.setObjectName("inside-clear-pad")
        clear.clicked.connect(self.pad.clear)
        self.brush = QSlider(Qt.Orientation.Horizontal)
        self.brush.setObjectName("inside-brush")
        self.brush.setRange(3, 20)
        self.brush.setValue(9)
        self.brush.setToolTip(tr("Thickness of the brush. Strokes as thick as those in the data are recognized best."))
        self.brush.setAccessibleName(tr("Thickness of the brush"))
        self.brush.valueChanged.connect(self._set_brush)
        self.centre = QCheckBox(tr("Centre it"))
        self.centre.setObjectName("inside-centre")
        self.centre.setToolTip(
            tr("Moves and scales the drawing as the handwritten digits were: what is drawn small in a corner is "
               "recognized, too.")
        )  # fmt: skip
        self.centre.toggled.connect(self.changed)
        words = QLabel(tr("Brush"))
        words.setTextFormat(Qt.TextFormat.PlainText)
        set_kind(words, "small")
        first = QHBoxLayout()
        first.setSpacing(4)
        self.brush.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for widget in (undo, clear, words, self.brush):
            first.addWidget(widget, 1 if widget is self.brush else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.pad, 1)
        layout.addLayout(first)
        layout.addWidget(self.centre)

    def set_spec(self, spec: TensorSpec | None) -> None:
        """Prepare for pictures of a shape; drawings that fit it stay."""
        if spec is None or spec.shape == self._shape:
            return
        self._shape = spec.shape
        height, width, colours = spec.sizes
        self.pad.set_size(height, width)
        digits = (height, width, colours) == (28, 28, 1)
        self.centre.setChecked(digits)
        self.centre.setVisible(digits)

    def pixels(self) -> Array | None:
        """The drawing, or ``None`` while there is none."""
        return None if self.pad.drawing.is_empty else self.pad.drawing.pixels()

    def _set_brush(self, value: int) -> None:
        self.pad.brush = value / 100

"""Where the evidence for a class lies in the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from designer.panels.inside.answer import class_name
from designer.panels.inside.colors import veil
from designer.panels.inside.compact import FIRST, compact_combo
from designer.panels.inside.legend import Legend
from designer.panels.inside.picture import PAINTED, Picture, image_of
from designer.panels.inside.plate import Plate
from designer.panels.inside.words import Words
from designer.panels.pictures import picture
from designer.text import tr
from designer.training.look import Anatomy, Look, picture_input

#: Classes that can be chosen; of more, only the most probable is offered.
MOST = 1000


class CamBlock(QWidget):
    """The picture with a class activation map over it.

    Attributes:
        changed: emitted when another class or layer is asked for.
        plate: the picture.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-cam")
        self._anatomy: Anatomy | None = None
        self._names: tuple[str, ...] = ()
        self._look: Look | None = None
        self._range = (0.0, 1.0)
        self.plate = Plate(
            "inside-cam-picture",
            tr("Warm spots are what speaks for the class, as seen by the chosen layer (Grad-CAM). Double-click or "
               "Enter enlarges."),
            tr("Class activation map"),
        )  # fmt: skip
        self.title = Words("inside-cam-title", "text", strong=True)
        self.title.setFixedHeight(FIRST)
        self._said = tr("Class activation map")
        self.plate.pointed.connect(lambda words: self.title.tell(words or self._said))
        self._make_controls()
        self._lay_out()

    def _make_controls(self) -> None:
        self.classes = QComboBox()
        self.classes.setObjectName("inside-cam-class")
        self.classes.setAccessibleName(tr("Class of the map"))
        self.classes.setToolTip(tr("Whose evidence is shown: the network's own answer, or any class you doubt."))
        self.layers = QComboBox()
        self.layers.setObjectName("inside-cam-layer")
        self.layers.setAccessibleName(tr("Layer of the map"))
        self.layers.setToolTip(
            tr("The layer that is asked. Late layers know what is there but only roughly where; early ones the "
               "other way round.")
        )  # fmt: skip
        for combo in (self.classes, self.layers):
            compact_combo(combo)
            combo.activated.connect(lambda _index: self.changed.emit())
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setObjectName("inside-cam-strength")
        self.strength.setRange(0, 100)
        self.strength.setValue(65)
        self.strength.setMinimumWidth(40)
        self.strength.setToolTip(tr("How strongly the map covers the picture."))
        self.strength.setAccessibleName(tr("Strength of the map"))
        self.strength.valueChanged.connect(self._paint)
        self.legend = Legend("inside-cam-legend", tr("Colours of the map: how much a place speaks for the class."), 44)
        self.legend.tell(tr("little"), tr("much"), False)
        self._offer_controls(False)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(4)
        choices.addWidget(self.classes, 1)
        choices.addWidget(self.layers, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.legend)
        foot.addWidget(self.strength, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addLayout(choices)
        layout.addWidget(self.plate, 1)
        layout.addLayout(foot)

    @property
    def wanted_class(self) -> int | None:
        """The class asked for; ``None``: the most probable."""
        chosen: int | None = self.classes.currentData()
        return chosen

    @property
    def wanted_layer(self) -> str | None:
        """The layer asked for; ``None``: the last convolution."""
        chosen: str | None = self.layers.currentData()
        return chosen

    def tell(self, look: Look | None, names: Sequence[str], low: float, high: float, label: dict[str, str]) -> None:
        """Show a look.

        Args:
            look: what was seen; ``None`` empties the block.
            names: of the classes.
            low: the value that is drawn black.
            high: the value that is drawn white.
            label: names of layers by id.
        """
        self._look, self._range = look, (low, high)
        if look is not None and look.anatomy is not None and not look.fault:
            count = next((values.size for values in look.outputs.values()), 0)
            self._offer(look.anatomy, tuple(names) or tuple(map(str, range(count if count > 1 else 2))), label)
        self._paint()

    def forget(self) -> None:
        """Forget classes and layers, too: another project is shown."""
        self._anatomy, self._names = None, ()
        with QSignalBlocker(self.classes), QSignalBlocker(self.layers):
            self.classes.clear()
            self.layers.clear()
        self._offer_controls(False)
        self.tell(None, (), 0.0, 1.0, {})

    def _offer(self, anatomy: Anatomy, names: tuple[str, ...], label: dict[str, str]) -> None:
        if anatomy is self._anatomy and names == self._names:
            return
        layer, chosen = self.wanted_layer, self.wanted_class
        self._anatomy, self._names = anatomy, names
        with QSignalBlocker(self.classes), QSignalBlocker(self.layers):
            self.classes.clear()
            self.classes.addItem(tr("Its answer"), None)
            for index, name in enumerate(names[:MOST]):
                self.classes.addItem(name, index)
            self.classes.setCurrentIndex(max(0, self.classes.findData(chosen)) if chosen is not None else 0)
            self.layers.clear()
            for key in anatomy.cam_layers:
                self.layers.addItem(label.get(key, key), key)
            place = self.layers.findData(layer if layer in anatomy.cam_layers else anatomy.cam_default)
            self.layers.setCurrentIndex(place)
        self._offer_controls(bool(anatomy.cam_layers))

    def _offer_controls(self, possible: bool) -> None:
        """Where there is no map, there is nothing to choose about it."""
        for widget in (self.classes, self.layers, self.strength):
            widget.setVisible(possible)
        self.legend.setVisible(possible)

    def _paint(self, _value: int = 0) -> None:
        look = self._look
        key = picture_input(look.anatomy.graph, look.anatomy.inference) if look is not None and look.anatomy else None
        if look is None or look.fault:
            self._say("")
            self.plate.show_picture(None)
        elif key is None or key not in look.inputs:
            self._say("")
            self.plate.show_picture(None, tr("These data are no pictures, so there is no place to point at."))
        elif look.cam is None:
            self._say("")
            self.plate.show_picture(None, look.cam_fault)
        else:
            image = picture(look.inputs[key], *self._range).convertToFormat(PAINTED)
            heat = look.cam.heat
            name = class_name(self._names, look.cam.target)

            def words(x: float, y: float) -> str:
                row = min(heat.shape[0] - 1, int(y / image.height() * heat.shape[0]))
                column = min(heat.shape[1] - 1, int(x / image.width() * heat.shape[1]))
                return tr("Row {y}, column {x}: {value} of the most", y=int(y), x=int(x),
                          value=f"{100 * float(heat[row, column]):.0f} %")  # fmt: skip

            found = bool(np.any(heat))
            none = tr("Nothing here speaks for {name}", name=name)
            self._say(tr("What speaks for {name}", name=name) if found else none)
            over = image_of(veil(heat))
            self.plate.show_picture(Picture(image, f"activation-map-{name}", words, over, self.strength.value() / 100))

    def _say(self, title: str) -> None:
        self._said = title or tr("Class activation map")
        self.title.tell(self._said)

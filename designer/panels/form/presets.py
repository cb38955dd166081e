"""A button with configurations to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from designer.panels.form.icon_button import IconButton
from designer.text import tr
from engine.catalogue.layers.base import Preset


class PresetButton(IconButton):
    """Offers a layer's presets.

    Attributes:
        chosen: the parameters of one.
    """

    chosen = Signal(object)

    def __init__(self, presets: Sequence[Preset]) -> None:
        super().__init__("lightbulb-outline", tr("Take an example in place of what stands here."), tr("Examples"))
        self.setObjectName("presets")
        self.setText(tr("Examples"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for preset in presets:
            action = menu.addAction(tr(preset.title))
            action.setToolTip(str(preset.parameters.get("expression", preset.title)))
            action.triggered.connect(lambda _checked=False, given=preset: self.chosen.emit(dict(given.parameters)))
        self.setMenu(menu)

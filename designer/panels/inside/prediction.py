"""What the network answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.inside.answer import answer_of
from designer.panels.inside.bars import AnswerBars
from designer.panels.inside.compact import FIRST, compact_combo
from designer.panels.inside.words import Words
from designer.text import tr
from designer.training.look import Look

Array = npt.NDArray[Any]


class PredictionBlock(QWidget):
    """Bars of one output; networks with several offer a choice.

    Args:
        document: whose data name the classes.

    Attributes:
        changed: emitted when another output is chosen.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("inside-prediction")
        self._document = document
        self._offered: tuple[str, ...] = ()
        self._last: tuple[Look | None, Mapping[str, Array]] = (None, {})
        self.title = Words("inside-prediction-title", "text", strong=True)
        self.title.setFixedHeight(FIRST)
        self.title.tell(tr("Prediction"))
        self.outputs = QComboBox()
        self.outputs.setObjectName("inside-output")
        self.outputs.setAccessibleName(tr("Output"))
        self.outputs.setToolTip(tr("Which of the network's outputs is shown."))
        compact_combo(self.outputs)
        self.outputs.activated.connect(self._chosen)
        self.outputs.hide()
        self.bars = AnswerBars()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.outputs)
        layout.addWidget(self.bars, 1)

    @property
    def output(self) -> str | None:
        """The output that is shown; ``None``: the first."""
        chosen: str | None = self.outputs.currentData()
        return chosen

    def names(self, look: Look) -> Sequence[str]:
        """Class names of the output that is shown."""
        dataset, field = self._document.dataset, self._field(look)
        return dataset.targets[field].classes if dataset is not None and field in dataset.targets else ()

    def tell(self, look: Look | None, truths: Mapping[str, Array]) -> None:
        """Show a look.

        Args:
            look: what was seen; ``None`` empties the bars.
            truths: what is right, by target field.
        """
        self._last = (look, truths)
        if look is None or not look.outputs:
            self.bars.tell(None)
            return
        keys = tuple(look.outputs)
        if keys != self._offered:
            with QSignalBlocker(self.outputs):
                self.outputs.clear()
                for key in keys:
                    self.outputs.addItem(key, key)
            self._offered = keys
            self.outputs.setVisible(len(keys) > 1)
        values = look.outputs[self.output or keys[0]]
        self.bars.tell(answer_of(values, self.names(look), truths.get(self._field(look))))

    def forget(self) -> None:
        """Forget the network's outputs, too: another project is shown."""
        self._offered = ()
        with QSignalBlocker(self.outputs):
            self.outputs.clear()
        self.outputs.hide()
        self.tell(None, {})

    def _field(self, look: Look) -> str:
        """The target field that judges the output: by name, else by its place."""
        keys = list(look.outputs)
        key = self.output or (keys[0] if keys else "")
        named = self._document.project.target_of(key).field
        dataset = self._document.dataset
        if named or dataset is None or key not in keys:
            return named
        fields = list(dataset.targets)
        return fields[keys.index(key)] if keys.index(key) < len(fields) else ""

    def _chosen(self, _index: int) -> None:
        self.tell(*self._last)
        self.changed.emit()

"""Controls that fit into narrow columns."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSizePolicy, QSpinBox

#: The colours stay those of the theme's style sheet; only sizes differ.
_COMBO = (
    "QComboBox { padding: 2px 18px 2px 6px; font-size: 8.5pt; } QComboBox::drop-down { width: 18px; }"
    "QComboBox QAbstractItemView { min-width: 180px; }"  # the list may be wider than its column
)
#: Buttons of no width rather than no buttons: without any, Qt's style sheets leave no room for the number.
_SPIN = (
    "QSpinBox { padding: 2px 2px 2px 0; font-size: 8.5pt; }"
    "QSpinBox::up-button, QSpinBox::down-button, QSpinBox::up-arrow, QSpinBox::down-arrow { width: 0; }"
)
#: Where a number begins (px).
_INDENT = 6
#: Height of the first line of every part, so that they stand on one line (px).
FIRST = 30


def compact_combo(combo: QComboBox) -> None:
    """Make a combo box as narrow as its place."""
    combo.setStyleSheet(_COMBO)
    combo.setMinimumContentsLength(4)
    combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


def compact_spin(spin: QSpinBox) -> None:
    """Make a field for a number narrow; it loses its buttons, the arrow keys and the wheel stay."""
    spin.setStyleSheet(_SPIN)
    # A style sheet's padding reaches a line inside a spin box only sometimes; margins always do.
    spin.lineEdit().setStyleSheet("QLineEdit { padding: 0; }")
    spin.lineEdit().setTextMargins(_INDENT, 0, 0, 0)

"""What the canvas needs of the palette."""

from __future__ import annotations

from typing import Any, Protocol


class LayerGiver(Protocol):
    """What offers layers to drag (the palette): signals only, so that neither side knows the other."""

    chosen: Any  # Signal(object): a layer class or a block, by double-click or Enter
    drag_started: Any  # Signal(object): a layer class
    drag_moved: Any  # Signal(object): the pointer's global position (QPoint)
    drag_released: Any  # Signal(object): likewise
    drag_cancelled: Any  # Signal()

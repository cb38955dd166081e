"""The parameter ``activity_regularizer``, which layers with weights share."""

from __future__ import annotations

from typing import Annotated, Any

from engine.component import Component, Slot, setting

Penalty = Annotated[Component | None, Slot("regularizer", none="no penalty")]


def activity_setting() -> Any:
    """loss += penalty(output) / samples in the batch: Keras 3's ``activity_regularizer``."""
    return setting(
        None,
        "Penalty on what the layer puts out, for each sample of the batch: L1 makes most outputs 0 (a sparse code).",
        advanced=True,
    )

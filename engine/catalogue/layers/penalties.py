"""Parameters that layers with weights share: how these start, what they cost, and what they are brought back to."""

from __future__ import annotations

from typing import Annotated, Any

from engine.component import Component, Slot, setting

Start = Annotated[Component, Slot("initializer")]
Penalty = Annotated[Component | None, Slot("regularizer", none="no penalty")]
Rule = Annotated[Component | None, Slot("constraint", none="no rule")]


def start_setting(default: str, what: str) -> Any:
    """The initializer of some weights."""
    return setting(default, f"How the {what} start.", advanced=True)


def penalty_setting(what: str) -> Any:
    """loss += penalty(weights)."""
    return setting(None, f"Penalty on large {what}.", advanced=True)


def rule_setting(what: str) -> Any:
    """What is done to some weights after every update."""
    return setting(None, f"Rule that the {what} are brought back to after every update.", advanced=True)


def activity_setting() -> Any:
    """loss += penalty(output) / samples in the batch: Keras 3's ``activity_regularizer``."""
    return setting(
        None,
        "Penalty on what the layer puts out, for each sample of the batch: L1 makes most outputs 0 (a sparse code).",
        advanced=True,
    )

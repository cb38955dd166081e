"""TerminateOnNaN: a loss that is no number ends the training without an error."""

from __future__ import annotations

from typing import Annotated, ClassVar

from engine.catalogue.callbacks.base import Callback
from engine.component import component, setting
from engine.constraints import Flag


@component
class TerminateOnNaN(Callback):
    """Ends the training when the loss is infinite or not a number; the weights before that update stay.

    Source: Keras 3, ``keras.callbacks.TerminateOnNaN``. Without it such a loss ends the training with an error,
    whereas Keras would go on with useless weights.
    """

    title: ClassVar[str] = "End on NaN"
    icon: ClassVar[str] = "mdi6.alert-octagon-outline"
    ends_on_fault: ClassVar[bool] = True

    raise_error: Annotated[bool, Flag()] = setting(False, "End with an error all the same.", advanced=True)

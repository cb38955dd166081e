"""What layers on sequences demand of their input."""

from __future__ import annotations

from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec


def check_sequence(layer: str, x: TensorSpec) -> None:
    """Refuse what is not steps × features of known sizes.

    Raises:
        ShapeError: with a Reshape as remedy where the shape suggests one.
    """
    if len(x.shape) == 2 and x.known:
        return
    if len(x.shape) == 2:
        raise ShapeError(
            f"{layer} needs to know the number of steps and features beforehand; received {x}. "
            "Give every size in the Input layer."
        )
    text = f"{layer} needs sequences of steps × features, but {x} arrives."
    if not x.known or not x.shape:
        raise ShapeError(f"{text} Put a Reshape to two axes in front of it.")
    sizes = x.sizes
    target = (sizes[0], 1) if len(sizes) == 1 else (x.size // sizes[-1], sizes[-1])
    shown = ", ".join(map(str, target))
    raise ShapeError(
        f"{text} Reshape it to ({shown}) first.",
        Remedy(f"Insert Reshape to ({shown})", "Reshape", (("target_shape", target),)),
    )


def check_steps(layer: str, axis: Axis) -> None:
    """Refuse a window that is longer than the sequence.

    Raises:
        ShapeError: with "same" padding as remedy.
    """
    if axis.out < 1:
        reach = (axis.kernel - 1) * axis.dilation + 1
        raise ShapeError(
            f"{layer}'s window covers {reach} steps, which is longer than the sequence of {axis.size}. "
            'Make it shorter or set padding to "same".',
            Remedy('Set padding to "same"', None, (("padding", "same"),)),
        )

"""What layers on images demand of their input."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec


def check_image(layer: str, x: TensorSpec) -> None:
    """Refuse what is not height × width × channels of known sizes.

    Raises:
        ShapeError: with a Reshape as remedy where the shape suggests one.
    """
    if len(x.shape) == 3:
        if x.known:
            return
        raise ShapeError(
            f"{layer} needs to know height, width and channels beforehand; received {x}. "
            "Give every size in the Input layer."
        )
    target = _image_shape(x)
    received = f"a row of {x} numbers" if len(x.shape) == 1 else str(x)
    text = f"{layer} needs images of height × width × channels, but {received} arrives."
    if target is None:
        raise ShapeError(f"{text} Put a Reshape to three axes in front of it.")
    shown = ", ".join(map(str, target))
    raise ShapeError(
        f"{text} Reshape it to ({shown}) first.",
        Remedy(f"Insert Reshape to ({shown})", "Reshape", (("target_shape", target),)),
    )


def _image_shape(x: TensorSpec) -> tuple[int, int, int] | None:
    """The image that these numbers most likely are."""
    if not x.known:
        return None
    if len(x.shape) == 2:
        return int(x.shape[0] or 0), int(x.shape[1] or 0), 1
    if len(x.shape) == 1:
        for channels in (1, 3):
            side = isqrt(x.size // channels)
            if side > 1 and side * side * channels == x.size:
                return side, side, channels
    return None


def check_fit(layer: str, what: str, axes: Sequence[Axis]) -> None:
    """Refuse a window that is larger than the (padded) image or volume.

    Raises:
        ShapeError: with "same" padding as remedy.
    """
    if min(axis.out for axis in axes) >= 1:
        return
    reach = " × ".join(str((axis.kernel - 1) * axis.dilation + 1) for axis in axes)
    sizes = " × ".join(str(axis.size) for axis in axes)
    raise ShapeError(
        f"{layer}'s {what} covers {reach}, which is larger than the {'image' if len(axes) == 2 else 'volume'} of "
        f'{sizes}. Make it smaller or set padding to "same".',
        Remedy('Set padding to "same"', None, (("padding", "same"),)),
    )

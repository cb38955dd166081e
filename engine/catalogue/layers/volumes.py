"""What layers demand that slide windows over volumes, images or sequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.catalogue.layers.images import check_fit, check_image
from engine.catalogue.layers.sequences import check_sequence, check_steps
from engine.errors import Remedy, ShapeError
from engine.kernels.conv_tables import Axis
from engine.tensor_spec import TensorSpec


def check_volume(layer: str, x: TensorSpec) -> None:
    """Refuse what is not depth × height × width × channels of known sizes.

    Raises:
        ShapeError: with a Reshape as remedy where images arrive.
    """
    if len(x.shape) == 4 and x.known:
        return
    if len(x.shape) == 4:
        raise ShapeError(
            f"{layer} needs to know depth, height, width and channels beforehand; received {x}. "
            "Give every size in the Input layer."
        )
    text = f"{layer} needs volumes of depth × height × width × channels, but {x} arrives."
    if len(x.shape) != 3 or not x.known:
        raise ShapeError(f"{text} Put a Reshape to four axes in front of it.")
    target = (*x.sizes, 1)
    shown = ", ".join(map(str, target))
    raise ShapeError(
        f"{text} Reshape it to ({shown}) first.",
        Remedy(f"Insert Reshape to ({shown})", "Reshape", (("target_shape", target),)),
    )


#: What enters, by the number of axes along which a window slides.
CHECKS: Mapping[int, Callable[[str, TensorSpec], None]] = {1: check_sequence, 2: check_image, 3: check_volume}


def check_places(layer: str, count: int, x: TensorSpec) -> None:
    """Refuse what is not ``count`` axes of places and one of channels, all of known sizes.

    Raises:
        ShapeError: with a Reshape as remedy where the shape suggests one.
    """
    CHECKS[count](layer, x)


def check_windows(layer: str, what: str, axes: Sequence[Axis]) -> None:
    """Refuse a window that is larger than what it slides over.

    Raises:
        ShapeError: with "same" padding as remedy.
    """
    if len(axes) == 1:
        check_steps(layer, axes[0])
    else:
        check_fit(layer, what, axes)

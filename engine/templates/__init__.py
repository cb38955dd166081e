"""Networks to begin with: one file per template."""

from __future__ import annotations

from collections.abc import Mapping

from engine.templates import (
    adding_convolution,
    adding_gru,
    boston_housing,
    cats_and_dogs,
    digit_and_number,
    digits_autoencoder,
    digits_convolution,
    digits_deep_convolution,
    digits_dense,
    digits_formulas,
    digits_lenet,
    digits_residual,
    empty,
    hand_signs,
    line,
    logistic_regression,
    shapes_unet,
    topics_gru,
    two_spirals,
    vgg16,
)
from engine.templates.drawing import Drawing, chain
from engine.templates.template import Template

__all__ = ["TEMPLATES", "Drawing", "Template", "chain"]

#: Ways to begin, by the name that the command line takes, in the order in which they are shown.
TEMPLATES: Mapping[str, Template] = {
    module.TEMPLATE.key: module.TEMPLATE
    for module in (
        empty,
        digits_dense,
        digits_convolution,
        digits_lenet,
        digits_deep_convolution,
        digits_residual,
        digits_autoencoder,
        digits_formulas,
        line,
        logistic_regression,
        two_spirals,
        boston_housing,
        adding_convolution,
        adding_gru,
        topics_gru,
        digit_and_number,
        shapes_unet,
        hand_signs,
        cats_and_dogs,
        vgg16,
    )
}

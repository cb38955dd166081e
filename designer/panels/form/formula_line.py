"""Formulas as lines to draw: value and derivative over the first input, all else held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from designer.text import tr
from engine.catalogue.schedules.base import Schedule
from engine.expression.tree import ExpressionError

Line = npt.NDArray[np.float64]
#: What a trained parameter counts as, and what further inputs do, while one input moves.
TRAINED, FURTHER = 0.25, 1.0


def has_formula(component: Any) -> bool:
    """Whether a component is a formula of something that runs from -4 to 4."""
    return hasattr(component, "formula") and not isinstance(component, Schedule)


def _moving(component: Any) -> str:
    """The input that moves: x, a weight, or the prediction."""
    names: tuple[str, ...] = component.formula.inputs
    return "y_pred" if "y_pred" in names else names[0]


def _held(component: Any, x: Line) -> Mapping[str, Any]:
    formula = component.formula
    values: dict[str, Any] = dict.fromkeys(formula.inputs, FURTHER) | dict(component.numbers)
    values |= {parameter.name: TRAINED for parameter in formula.parameters}
    if "y_true" in values:
        values["y_true"] = 0.0
    return values | {_moving(component): x}


def formula_line(component: Any, x: Line) -> Line:
    """The formula's values."""
    return np.asarray(component.formula.value(_held(component, x)) + 0.0 * x, np.float64)


def formula_slope(component: Any, x: Line) -> Line:
    """The derivative's values, 0 where there are none."""
    slope = np.asarray(component.formula.slope_value(_moving(component), _held(component, x)) + 0.0 * x, np.float64)
    return np.where(np.isfinite(slope), slope, 0.0)


def formula_words(component: Any) -> str:
    """The derivative as text, and what was assumed for the picture."""
    formula, moving = component.formula, _moving(component)
    try:
        slope = formula.slope_text(moving)
    except ExpressionError:
        slope = ""
    lines = [tr("Derivative by {name}: {slope}", name=moving, slope=slope)] if 0 < len(slope) < 300 else []
    if formula.parameters:
        lines.append(tr("Trained parameters are drawn as {value}.", value=TRAINED))
    if moving == "y_pred":
        lines.append(tr("Drawn for y_true = 0."))
    elif len(formula.inputs) > 1:
        lines.append(tr("Further inputs are drawn as {value:g}.", value=FURTHER))
    return "\n".join(lines)

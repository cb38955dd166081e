"""A network's answer as rows of names and values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from designer.text import tr

Array = npt.NDArray[Any]
#: Classes drawn in their own order; of more, the most probable are drawn.
MOST = 12


@dataclass(frozen=True)
class Row:
    """One class or number.

    Attributes:
        name: of the class, or of the number.
        share: length of its bar, 0 to 1; with a sign where numbers have one.
        value: as text.
        top: whether it is the answer.
        true: whether it is what is right.
        truth: what would be right, as text, for numbers.
    """

    name: str
    share: float
    value: str
    top: bool = False
    true: bool = False
    truth: str = ""


@dataclass(frozen=True)
class Answer:
    """An output's answer.

    Attributes:
        head: the answer at one glance.
        verdict: ``right``, ``wrong`` or empty when nothing is known.
        rows: the values behind it.
        more: how many rows were left away.
    """

    head: str
    verdict: str
    rows: tuple[Row, ...]
    more: int = 0


def answer_of(values: Array, names: Sequence[str], truth: Array | None) -> Answer:
    """Put an output into rows.

    Args:
        values: what the output gave for one sample.
        names: of the classes; empty when the numbers stand for themselves.
        truth: what would be right: a class index, a vector like ``values``, or ``None`` when unknown.
    """
    flat = np.asarray(values, np.float64).reshape(-1)
    if flat.size == 1 and len(names) == 2 and 0 <= flat[0] <= 1:
        flat = np.array([1 - flat[0], flat[0]])
    likely = flat.size > 1 and bool((flat >= 0).all()) and abs(float(flat.sum()) - 1) < 1e-3
    if likely or (flat.size > 1 and len(names) == flat.size):
        return _classes(flat, names, _index(truth, flat.size), likely)
    return _numbers(flat, truth)


def _index(truth: Array | None, classes: int) -> int | None:
    """The true class of an index or of a vector with a single one."""
    if truth is None:
        return None
    flat = np.asarray(truth).reshape(-1)
    if flat.size == 1 and float(flat[0]).is_integer() and 0 <= flat[0] < classes:
        return int(flat[0])
    return int(np.argmax(flat)) if flat.size == classes else None


def _classes(flat: Array, names: Sequence[str], true: int | None, likely: bool) -> Answer:
    finite = np.nan_to_num(flat, nan=0.0, posinf=0.0, neginf=0.0)
    top = int(np.argmax(finite))
    order = list(range(flat.size))
    if flat.size > MOST:
        order = [int(k) for k in np.argsort(-finite, kind="stable")[:MOST]]
        if true is not None and true not in order:
            order[-1] = true
    scale = 1.0 if likely else max(float(np.abs(finite).max()), 1e-12)
    rows = tuple(
        Row(class_name(names, k), float(finite[k]) / scale, _text(flat[k], likely), k == top, k == true) for k in order
    )
    head = f"{class_name(names, top)} · {_text(flat[top], likely)}"
    verdict = "" if true is None else ("right" if top == true else "wrong")
    return Answer(head, verdict, rows, flat.size - len(order))


def _numbers(flat: Array, truth: Array | None) -> Answer:
    right = np.asarray(truth, np.float64).reshape(-1) if truth is not None else None
    if right is not None and right.size != flat.size:
        right = None
    both = flat if right is None else np.concatenate([flat, right])
    reach = max(float(np.abs(np.nan_to_num(both)).max(initial=0.0)), 1e-12)
    rows = tuple(
        Row(
            tr("Value {n}", n=k + 1) if flat.size > 1 else tr("Value"),
            float(np.nan_to_num(flat[k])) / reach,
            f"{flat[k]:.4g}",
            top=flat.size == 1,
            truth=f"{right[k]:.4g}" if right is not None else "",
        )
        for k in range(min(flat.size, MOST))
    )
    head = f"{flat[0]:.4g}" if flat.size == 1 else tr("{count} numbers", count=flat.size)
    return Answer(head, "", rows, flat.size - len(rows))


def class_name(names: Sequence[str], index: int) -> str:
    """A class by its name, else by its number."""
    return names[index] if index < len(names) else str(index)


def _text(value: float, likely: bool) -> str:
    if not likely:
        return f"{value:.3g}"
    if value <= 0 or value >= 1:
        return "100 %" if value >= 1 else "0 %"
    # Rounding must not make a certainty of it.
    if value < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if value > 0.9995 else f"{100 * value:.1f} %"

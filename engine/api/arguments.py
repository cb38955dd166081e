"""Arguments of the public calls, checked: every mistake ends in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from engine.api.callback import Callback
from engine.api.declared_callback import callback_of
from engine.api.symbol import Symbol
from engine.catalogue.callbacks.base import Callback as Declaration
from engine.errors import UsageError

BATCH_SIZE = 32  # Keras's, when none is given


def whole_number(name: str, value: Any, least: int) -> int:
    """A whole number that is large enough.

    Raises:
        UsageError: it is none.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < least:
        raise UsageError(f"{name} must be a whole number from {least} upwards; received {value!r}.")
    return int(value)


def batch_size_of(given: Any) -> int:
    """Samples at a time; ``None`` is 32, as in Keras.

    Raises:
        UsageError: it is no whole number from 1 upwards.
    """
    return BATCH_SIZE if given is None else whole_number("batch_size", given, 1)


def callbacks_of(given: Any) -> tuple[Callback, ...]:
    """One callback or several as a tuple; declarations become objects with hooks.

    Raises:
        UsageError: something else is among them.
    """
    several = given if isinstance(given, (list, tuple)) else () if given is None else (given,)
    found = []
    for item in several:
        made = callback_of(item) if isinstance(item, Declaration) else item
        if not isinstance(made, Callback):
            hint = " Write EarlyStopping(), with brackets." if isinstance(item, type) else ""
            raise UsageError(
                f"callbacks must be objects of classes derived from engine.callbacks.Callback; received {item!r}.{hint}"
            )
        found.append(made)
    return tuple(found)


def frequency_of(given: Any) -> int | frozenset[int]:
    """After which epochs (1 is the first) is validated: every so many, or those listed.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(given, (list, tuple, set, frozenset, range)):
        return frozenset(whole_number("validation_freq", item, 1) for item in given)
    return whole_number("validation_freq", given, 1)


def shuffle_of(given: Any) -> bool | str:
    """Whether samples change places every epoch: all of them, none, or whole batches.

    Raises:
        UsageError: it says something else.
    """
    if isinstance(given, str) and given == "batch":
        return given
    if not isinstance(given, (bool, np.bool_)) and not (isinstance(given, int) and given in (0, 1)):
        raise UsageError(f"shuffle must be True, False or 'batch'; received {given!r}.")
    return bool(given)


def metrics_of(given: Any) -> tuple[Any, ...]:
    """All metrics that are asked for, of whatever output, each once."""
    if isinstance(given, Mapping) and "type" not in given:
        several: list[Any] = [item for value in given.values() for item in _listed(value)]
    elif _by_output(given):
        several = [item for value in given for item in _listed(value)]
    else:
        return tuple(_listed(given))
    found: list[Any] = []
    for item in several:
        if item not in found:
            found.append(item)
    return tuple(found)


def metrics_for(given: Any, names: Sequence[str], output: str) -> tuple[Any, ...] | None:
    """The metrics that are asked for one output; ``None`` where one list was given for all.

    Raises:
        UsageError: there are lists or names for other outputs than the model has.
    """
    if isinstance(given, Mapping) and "type" not in given:
        strange = [str(name) for name in given if name not in names]
        if strange:
            raise UsageError(f"metrics names the output '{strange[0]}'; the outputs are {', '.join(names)}.")
        return tuple(_listed(given.get(output)))
    if not _by_output(given):
        return None
    if len(given) != len(names):
        raise UsageError(f"The model has {len(names)} outputs ({', '.join(names)}); received {len(given)} of metrics.")
    return tuple(_listed(given[list(names).index(output)]))


def _by_output(given: Any) -> bool:
    """Whether a list holds what each output is judged by."""
    return isinstance(given, (list, tuple)) and any(item is None or isinstance(item, (list, tuple)) for item in given)


def _listed(given: Any) -> list[Any]:
    return [] if given is None else list(given) if isinstance(given, (list, tuple)) else [given]


def labels_of(metrics: Sequence[Any]) -> tuple[str, ...]:
    """How the figures of metrics are called in ``logs``: as they were spelled; empty for the metric's own name."""
    return tuple(item if isinstance(item, str) else "" for item in metrics)


def share_of(given: Any) -> float:
    """A share from 0 to below 1; ``None`` is 0.

    Raises:
        UsageError: it is none.
    """
    number = isinstance(given, Real) and not isinstance(given, bool)
    if given is not None and not (number and 0 <= given < 1):
        raise UsageError(f"validation_split must be a number from 0 to below 1; received {given!r}.")
    return float(given or 0.0)


def symbols_of(given: Any, what: str) -> list[Symbol]:
    """One symbol or several as a list.

    Raises:
        UsageError: something else is among them.
    """
    several = list(given) if isinstance(given, (list, tuple)) else [given]
    for item in several:
        if not isinstance(item, Symbol):
            raise UsageError(
                f"The {what} of a model must be results of Input(...) or of calling a layer; "
                f"received {type(item).__name__}."
            )
    return several


def seed_of(given: Any) -> int:
    """The start of random choices.

    Raises:
        UsageError: it is no whole number from 0 to 2**63 - 1.
    """
    seed = whole_number("seed", given, 0)
    if seed >= 2**63:
        raise UsageError(f"seed must be a whole number from 0 to 2**63 - 1; received {given!r}.")
    return seed


def dtype_of(given: Any) -> str:
    """The name of an element type that networks can have.

    Raises:
        UsageError: it is another.
    """
    try:
        name = str(np.dtype(given).name)
    except TypeError:
        name = ""
    if given is None or name not in ("float32", "float64"):
        raise UsageError(f"dtype must be 'float32' or 'float64'; received {given!r}.")
    return name


def per_output(names: Sequence[str], given: Any, what: str) -> dict[str, Any]:
    """One value for all outputs, a list by order, or a mapping by name."""
    if isinstance(given, Mapping) and "type" not in given:
        missing = [n for n in names if n not in given]
        if missing:
            raise UsageError(f"There is no {what} for the output '{missing[0]}'; the outputs are {', '.join(names)}.")
        return {n: given[n] for n in names}
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            outputs = f"{len(names)} outputs ({', '.join(names)})"
            raise UsageError(f"The model has {outputs}; received {len(given)} of {what}.")
        return dict(zip(names, given, strict=True))
    return dict.fromkeys(names, given)

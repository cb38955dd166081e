"""Calls spelled as in Keras 1 and 2, in today's words, with a note for each; the importers' table has the words."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Collection, Mapping
from typing import Any

from engine.component import parameters, registry
from engine.errors import OldSpellingNote, UsageError
from engine.exchange.importing import spelling

#: Kinds whose classes may be called with older names of parameters.
_KINDS = ("layer", "callback", "optimizer", "regularizer", "initializer")


def note(old: str, new: str) -> None:
    """Say how something is spelled today."""
    depth, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("engine."):
        depth, frame = depth + 1, frame.f_back
    text = f"{old} is an older Keras's spelling; today it is {new}."
    warnings.warn(text, OldSpellingNote, stacklevel=depth)  # the line of the script, not one of ours


def today(kind: str, given: Mapping[str, Any], extra: Collection[str] = ()) -> dict[str, Any]:
    """Arguments of a component's class under today's names.

    Args:
        kind: today's class name.
        given: as they were written.
        extra: names that the call takes besides the component's parameters.
    """
    known = {*_parameters(kind), *extra}
    given = _joined(kind, given)
    own = spelling.OWN_PARAMETERS.get(kind, {})
    found: dict[str, Any] = {}
    for name, value in given.items():
        new = name if name in known else own.get(name) or spelling.PARAMETERS.get(name, name)
        if new == name or new not in known:
            found[name] = value
            continue
        if new in given:
            raise UsageError(f"{kind}: {name} and {new} are the same parameter; give {new} only.")
        note(f"{kind}({name}=...)", f"{new}=...")
        words = spelling.VALUES.get(new, {})
        found[new] = words.get(value, value) if isinstance(value, str) else value
    return {name: value for name, value in found.items() if not _is_off(kind, name, value, known)}


def _joined(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """With one parameter for all axes where there was one for each."""
    found, names = dict(given), spelling.PER_AXIS.get(kind, ())
    if names and all(name in found for name in names):
        found["kernel_size"] = tuple(found.pop(name) for name in names)
        note(f"{kind}({', '.join(f'{name}=...' for name in names)})", "kernel_size=(...)")
    return found


def first_shape(given: dict[str, Any], input_shape: Any, input_dim: Any, counts_words: bool) -> Any:
    """The shape of a sample that a first layer states, in any of the ways that there were.

    Args:
        given: arguments of the layer; those that state a shape are taken out.
        input_shape: as given.
        input_dim: as given; sizes of the last axis.
        counts_words: ``input_dim`` is a parameter of the layer itself, as Embedding's.
    """
    length, batched = given.pop("input_length", None), given.pop("batch_input_shape", None)
    if input_shape is not None:
        return input_shape
    if batched is not None:
        note("batch_input_shape=...", "input_shape=..., without the batch")
        return tuple(batched)[1:] if isinstance(batched, (tuple, list)) else batched
    if length is not None and (counts_words or input_dim is not None):
        note("input_length=...", "input_shape=(length,)" if counts_words else "input_shape=(length, channels)")
        return (length,) if counts_words else (length, input_dim)
    return None if input_dim is None else (input_dim,)


def channels_first(given: dict[str, Any]) -> bool:
    """Whether a layer was told that channels come first; what says so is taken out of its arguments.

    Raises:
        UsageError: it says something else.
    """
    found = False
    for name in ("dim_ordering", "data_format"):
        if name not in given:
            continue
        value = given.pop(name)
        value = spelling.VALUES["data_format"].get(value, value) if isinstance(value, str) else value
        if value not in (None, "default", "channels_last", "channels_first"):
            raise UsageError(f"{name} must be 'channels_last' or 'channels_first'; received {value!r}.")
        found = found or value == "channels_first"
    return found


def optimizer_today(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """An optimizer's arguments today; ``decay`` of older ones is a schedule."""
    found = today(kind, given, ("decay",))
    decay = found.pop("decay", 0.0)
    if decay:
        note(f"{kind}(decay=...)", "a schedule such as InverseTimeDecay as learning_rate")
        rate = found.get("learning_rate", _default(kind, "learning_rate"))
        found["learning_rate"] = {
            "type": "InverseTimeDecay", "initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay,
        }  # fmt: skip
    return found


def _default(kind: str, name: str) -> Any:
    return next(p.default for p in parameters(registry("optimizer").get(kind)) if p.name == name)


def _is_off(kind: str, name: str, value: Any, known: Collection[str]) -> bool:
    """Whether a parameter that is gone has a value at which it did nothing."""
    return name not in known and any(
        value is off or (type(value) is type(off) and value == off) for off in spelling.GONE.get(kind, {}).get(name, ())
    )


def call_today(call: str, given: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Arguments of a method under today's names; those that did nothing here are left out.

    Raises:
        UsageError: there is no such argument.
    """
    words = spelling.ARGUMENTS.get(call, {})
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in spelling.COUNTED:
            raise UsageError(
                f"{name} counted samples; today {spelling.COUNTED[name]} counts batches. Give "
                f"{spelling.COUNTED[name]}: so many samples divided by those of a batch."
            )
        if name not in words:
            raise UsageError(f"{call} has no argument '{name}'; it has {', '.join(sorted(known))}.")
        new = words[name]
        if new:
            note(f"{call}({name}=...)", f"{new}=...")
            found[new] = value
        else:
            note(f"{call}({name}=...)", "left out, because it changes nothing here")
    return found


def ends_today(inputs: Any, outputs: Any, given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Inputs and outputs of a model, perhaps under the names that Keras 1 had for them.

    Raises:
        UsageError: there is no such argument, or one was given twice.
    """
    found = {"inputs": inputs, "outputs": outputs}
    for name, value in given.items():
        new = f"{name}s"
        if new not in found:
            raise UsageError(f"Model has no argument '{name}'; it has inputs, outputs, name, seed, dtype.")
        if found[new] is not None:
            raise UsageError(f"Model: {name} and {new} are the same argument; give {new} only.")
        note(f"Model({name}=...)", f"{new}=...")
        found[new] = value
    return found["inputs"], found["outputs"]


def _parameters(kind: str) -> set[str]:
    for family in _KINDS:
        if kind in registry(family):
            return {parameter.name for parameter in parameters(registry(family).get(kind))}
    return set()

"""Calls spelled as in Keras 1 and 2, in today's words, with a note for each; the importers' table has the words."""

from __future__ import annotations

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
    warnings.warn(f"{old} is an older Keras's spelling; today it is {new}.", OldSpellingNote, stacklevel=4)


def today(kind: str, given: Mapping[str, Any], extra: Collection[str] = ()) -> dict[str, Any]:
    """Arguments of a component's class under today's names.

    Args:
        kind: today's class name.
        given: as they were written.
        extra: names that the call takes besides the component's parameters.
    """
    known = {*_parameters(kind), *extra}
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
        if name not in words:
            raise UsageError(f"{call} has no argument '{name}'; it has {', '.join(sorted(known))}.")
        new = words[name]
        if new:
            note(f"{call}({name}=...)", f"{new}=...")
            found[new] = value
        else:
            note(f"{call}({name}=...)", "left out, because it changes nothing here")
    return found


def _parameters(kind: str) -> set[str]:
    for family in _KINDS:
        if kind in registry(family):
            return {parameter.name for parameter in parameters(registry(family).get(kind))}
    return set()

"""What callbacks remember, and the learning rate that they set, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from engine.errors import FileError
from engine.io.section import Section
from engine.io.strict_json import dump, parse
from engine.train.state import Arrays, Remembered, RunState

_MOST = 64
_MOST_NAMES = 64
_LONGEST = 10_000


def callbacks_to_json(state: RunState) -> bytes:
    """The learning rate that was set, and what every callback remembers; weights it keeps lie beside."""
    members = [{"type": c.type, "monitor": c.monitor, "memory": dict(c.memory)} for c in state.callbacks]
    return dump({"rate": state.rate, "declared_rate": state.declared_rate, "callbacks": members})


def callbacks_from_json(data: bytes | None, kept: Mapping[str, Arrays]) -> dict[str, Any]:
    """The fields of a state that ``callbacks_to_json`` wrote.

    Args:
        data: the text, or ``None`` where the file is older than it.
        kept: weights by the place of the callback that keeps them.

    Raises:
        FileError: the text is damaged, or weights belong to no callback.
    """
    if data is None:
        if kept:
            raise FileError("The weights file is not usable: it keeps weights that belong to no callback.")
        return {}
    top = Section(parse(data, "callbacks"), "The weights file's callbacks")
    members = [_member(value, str(place), kept) for place, value in enumerate(top.items("callbacks", _MOST))]
    if not set(kept) <= {str(place) for place in range(len(members))}:
        raise FileError("The weights file is not usable: it keeps weights that belong to no callback.")
    rates = {name: top.number(name, -1.0) for name in ("rate", "declared_rate")}
    return rates | {"callbacks": tuple(members)}


def _member(value: Any, place: str, kept: Mapping[str, Arrays]) -> Remembered:
    section = Section(value, f"callbacks[{place}]")
    memory = section.object("memory", {})
    if len(memory) > _MOST_NAMES or not all(_is_plain(item) for item in memory.values()):
        raise FileError("The weights file is damaged: a callback remembers what is neither a number nor a short text.")
    return Remembered(section.text("type"), section.text("monitor", ""), memory, kept.get(place))


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST
    return value is None or (isinstance(value, (int, float)) and isfinite(value))

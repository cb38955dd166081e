"""JSON text as a parameter: what stand-ins for unknown components keep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from engine.constraints import Text

#: The longest text a stand-in keeps.
RAW_LIMIT = 100_000


@dataclass(frozen=True)
class RawJson(Text):
    """The text of one JSON object with a ``type``."""

    limit: int = RAW_LIMIT

    @property
    def rule(self) -> str:
        return f"the JSON text of an object with a type, at most {self.limit:,} characters"

    def check(self, value: Any) -> str:
        text = super().check(value)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise self.refuse(value) from None
        if not isinstance(found, dict) or not isinstance(found.get("type"), str):
            raise self.refuse(value)
        return text

    def bad_values(self) -> tuple[Any, ...]:
        return (1, "", "[]", "{}", '{"type": 3}', "{", "x" * (self.limit + 1))


def raw_text(value: dict[str, Any]) -> str:
    """An object as the text to keep: one line of ASCII."""
    return json.dumps(value, separators=(",", ":"))

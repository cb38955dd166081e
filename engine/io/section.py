"""A JSON object whose entries are taken out one by one, each checked, and the rest reported."""

from __future__ import annotations

from typing import Any

from engine.errors import FileError

_KINDS: dict[type, str] = {
    str: "a text",
    list: "a list",
    dict: "an object",
    int: "a whole number",
    bool: "true or false",
}
_REQUIRED = object()


class Section:
    """One object of a file.

    Attributes:
        where: its place, for sentences: ``nodes[3]``.
    """

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise FileError(f"{where} must be an object; it is {_seen(value)}.")
        self.where = where
        self._left: dict[str, Any] = dict(value)

    def text(self, key: str, default: Any = _REQUIRED, limit: int = 10_000) -> str:
        """A text."""
        found: str = self._take(key, str, default)
        if len(found) > limit:
            raise FileError(f"{self.where}: '{key}' has {len(found):,} characters; at most {limit:,} are allowed.")
        return found

    def whole(self, key: str, default: Any = _REQUIRED, low: int = 0, high: int = 2**63 - 1) -> int:
        """A whole number from ``low`` to ``high``."""
        found: int = self._take(key, int, default)
        if isinstance(found, bool) or not low <= found <= high:
            raise FileError(f"{self.where}: '{key}' must be a whole number from {low} to {high}; it is {found}.")
        return found

    def number(self, key: str, default: float) -> float:
        """A real number."""
        found = self._left.pop(key, default)
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            raise FileError(f"{self.where}: '{key}' must be a number; it is {_seen(found)}.")
        return float(found)

    def boolean(self, key: str, default: bool) -> bool:
        """True or false."""
        found: bool = self._take(key, bool, default)
        return found

    def items(self, key: str, limit: int, default: Any = _REQUIRED) -> list[Any]:
        """A list."""
        found: list[Any] = self._take(key, list, default)
        if len(found) > limit:
            raise FileError(f"{self.where}: '{key}' has {len(found):,} entries; at most {limit:,} are allowed.")
        return found

    def object(self, key: str, default: Any = _REQUIRED) -> dict[str, Any]:
        """An object."""
        found: dict[str, Any] = self._take(key, dict, default)
        return found

    def optional_object(self, key: str) -> dict[str, Any] | None:
        """An object, or ``None`` where it is missing or null."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return None
        return self.object(key)

    def optional_items(self, key: str, limit: int) -> list[Any] | None:
        """A list, or ``None`` where it is missing or null."""
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return None
        return self.items(key, limit)

    def unknown(self) -> list[str]:
        """One phrase for each entry that nobody took."""
        return [f"'{key[:60]}' in {self.where}" for key in self._left]

    def _take(self, key: str, kind: type, default: Any) -> Any:
        found = self._left.pop(key, default)
        if found is _REQUIRED:
            raise FileError(f"{self.where} lacks '{key}'.")
        if not isinstance(found, kind):
            raise FileError(f"{self.where}: '{key}' must be {_KINDS[kind]}; it is {_seen(found)}.")
        return found


def _seen(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

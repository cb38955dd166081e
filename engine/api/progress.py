"""The progress lines that ``fit``, ``evaluate`` and ``predict`` print."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import perf_counter

WIDTH = 20
LOOK = 0.1  # seconds between two redraws of a line


class ProgressLine:
    """One line in Keras's manner: ``80/80 ━━━━━━━━━━━━━━━━━━━━ 1s 4ms/step - accuracy: 0.91 - loss: 0.32``.

    Args:
        total: number of steps.
        verbose: 0 silent, 1 a line that grows, 2 one line at the end.
    """

    def __init__(self, total: int, verbose: int) -> None:
        self.total, self.verbose = total, verbose
        self.began = perf_counter()
        self._shown = 0.0
        self._length = 0
        self._bar, self._rest = ("━", "─") if _can_print("━─") else ("=", ".")

    def update(self, done: int, logs: Mapping[str, float]) -> None:
        """Redraw, but not more often than the eye follows."""
        now = perf_counter()
        if self.verbose != 1 or now - self._shown < LOOK or not sys.stdout.isatty():
            return
        self._shown = now
        self._write(self._text(done, logs), end="")

    def finish(self, logs: Mapping[str, float]) -> None:
        """The last form of the line."""
        if self.verbose:
            self._write(self._text(self.total, logs), end="\n")

    def _text(self, done: int, logs: Mapping[str, float]) -> str:
        seconds = perf_counter() - self.began
        each = seconds / max(done, 1)
        filled = WIDTH * done // max(self.total, 1)
        bar = self._bar * filled + self._rest * (WIDTH - filled)
        steps = f"{done}/{self.total}".rjust(2 * len(str(self.total)) + 1)
        if done < self.total:
            clock = f"{each * (self.total - done):.0f}s {_short(each)}/step"
        else:
            clock = f"{seconds:.0f}s {_short(each)}/step"
        figures = "".join(f" - {name}: {value:.4f}" for name, value in sorted(logs.items()))
        if self.verbose == 2:
            return f"{steps} - {clock}{figures}"
        return f"{steps} {bar} {clock}{figures}"

    def _write(self, text: str, end: str) -> None:
        padding = " " * max(0, self._length - len(text))
        self._length = len(text)
        start = "\r" if self.verbose == 1 and sys.stdout.isatty() else ""
        sys.stdout.write(start + text + padding + end)
        sys.stdout.flush()


def _short(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

"""How fast this machine works: seconds by term, found by measuring and kept beside the compiled kernels."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import FileError
from engine.estimate.work import TERMS
from engine.io.strict_json import parse
from engine.kernels import jit
from engine.plan.crew import cores

#: Bytes that a file of rates may have.
LIMIT = 10_000


@dataclass(frozen=True)
class Rates:
    """Seconds that a unit of each term takes.

    Attributes:
        seconds: by term of :data:`engine.estimate.work.TERMS`.
        threads: how many threads they were measured with.
    """

    seconds: Mapping[str, float]
    threads: int

    def of(self, terms: Mapping[str, float]) -> float:
        """Seconds of some work."""
        return sum(self.seconds[term] * amount for term, amount in terms.items())

    @property
    def text(self) -> str:
        """One line of JSON that :func:`rates_of` reads."""
        return json.dumps({"seconds": dict(self.seconds), "threads": self.threads})


def rates_of(text: bytes) -> Rates | None:
    """The rates in a text; ``None`` when it does not hold them."""
    try:
        found = parse(text, "rates")
    except FileError:
        return None
    seconds, threads = (found.get("seconds"), found.get("threads")) if isinstance(found, dict) else (None, None)
    if not isinstance(seconds, dict) or not isinstance(threads, int) or set(seconds) != set(TERMS):
        return None
    if not all(isinstance(value, (int, float)) and math.isfinite(value) and value >= 0 for value in seconds.values()):
        return None
    return Rates({term: float(seconds[term]) for term in TERMS}, threads)


def rates_file() -> Path:
    """Where they are kept: with the kernels that they belong to, which go with them."""
    return jit.CACHE / f"rates-{cores()}.json"


def kept_rates(path: Path | None = None) -> Rates | None:
    """The rates that were measured before on this machine; ``None`` when there are none that can be read."""
    try:
        with (path or rates_file()).open("rb") as file:
            return rates_of(file.read(LIMIT))
    except OSError:
        return None


def keep_rates(rates: Rates, path: Path | None = None) -> None:
    """Keep them for later; a folder that cannot be written to means measuring again.

    Raises:
        OSError: the file cannot be written.
    """
    path = path or rates_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(rates.text, encoding="utf-8")
    beside.replace(path)

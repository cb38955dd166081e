"""What tests measure of components, gathered for the table that ``python3 main.py parity`` prints."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from engine import registry
from engine.component import Component

#: Where processes write what they measured; unset when nobody asks for the table.
FOLDER = os.environ.get("LAYERLOOM_TABLE", "")
#: The size below which numbers count as so large in the table.
LEAST = 1e-3
#: Components that no peer computes alike, and why; the table and the tests of completeness read it.
NOT_COMPARED = {
    ("layer", "Input"): "hands data over",
    ("activation", "Expression"): "compared with numpy",
    ("loss", "Expression"): "compared with numpy",
    ("metric", "Expression"): "compared with numpy",
    ("regularizer", "Expression"): "compared with numpy",
    ("schedule", "Expression"): "compared with numpy",
    ("activation", "hard_sigmoid_keras2"): "Keras 3 has it no more; compared with numpy",
    ("layer", "AlphaDropout"): "random; tested by its distribution",
    ("layer", "Dropout"): "random; tested by its distribution",
    ("layer", "GaussianDropout"): "random; tested by its distribution",
    ("layer", "GaussianNoise"): "random; tested by its distribution",
    ("layer", "SpatialDropout1D"): "random; tested by its distribution",
    ("layer", "SpatialDropout2D"): "random; tested by its distribution",
    ("layer", "SpatialDropout3D"): "random; tested by its distribution",
    ("loss", "quadratic"): "no peer has it; compared with numpy",
    ("metric", "accuracy"): "chooses one of the other accuracies",
    ("schedule", "EpochDecay"): "no peer has it; compared with numpy",
    ("schedule", "LinearWarmup"): "no peer has it; compared with numpy",
    ("schedule", "OneCycle"): "Keras has none; compared with numpy",
}
#: What is said of a kind whose member no peer was asked for.
UNASKED = {"initializer": "random; tested by its distribution"}
#: Kinds that have values but no gradient of their own, and kinds that compute nothing.
SLOPELESS = {"initializer", "constraint", "metric", "schedule", "optimizer"}
WORDLESS = {"source", "callback", "variable"}


def error(found: Any, wanted: Any) -> float:
    """The largest difference, in parts of the largest number that was wanted.

    Where all of them are next to nothing, as slopes that cancel out are, it is in parts of ``LEAST``: what rounding
    leaves of zero is no error.
    """
    found, wanted = (np.asarray(array, np.float64) for array in (found, wanted))
    size = float(np.max(np.abs(wanted), initial=0.0))
    return float(np.max(np.abs(found - wanted), initial=0.0)) / max(size, LEAST)


def note(kind: str, key: str, what: str, value: float, peer: str = "") -> None:
    """Keep an error for the table: ``gradient``, ``float64`` or ``float32``."""
    if FOLDER:
        folder = Path(FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps([kind, registry.registry(kind).get(key).key, what, value, peer])
        with (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def assert_agree(
    kind: str,
    key: str,
    found: Any,
    wanted: Any,
    *,
    rtol: float,
    atol: float = 0.0,
    peer: str = "Keras",
    like: Any = None,
) -> None:
    """Refuse a component's numbers that differ from a peer's; note by how much they do.

    Args:
        kind: the component's registry.
        key: its name there.
        found: our numbers.
        wanted: the peer's.
        rtol: what they may differ by, in parts of each number.
        peer: who gave them.
        atol: what they may differ by besides.
        like: the element type we computed with, where ``found`` does not tell it.
    """
    what = str(np.dtype(like)) if like is not None else str(np.asarray(found).dtype)
    note(kind, key, what, error(found, wanted), peer)
    np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol)


def assert_slope(kind: str, key: str, analytic: float, numeric: float, tolerance: float = 1e-6) -> None:
    """Refuse a gradient that is not the slope along a direction; note by how much it differs."""
    off = abs(numeric - analytic) / max(1.0, abs(numeric), abs(analytic))
    note(kind, key, "gradient", off)
    assert off <= tolerance


def table() -> str:
    """All that was measured, as Markdown; a line for every component that is registered."""
    worst: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    peers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted(Path(FOLDER).glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            kind, key, what, value, peer = json.loads(line)
            worst[kind, key][what] = max(value, worst[kind, key].get(what, 0.0))
            peers[kind, key] |= {peer} if peer else set()
    lines = ["| Component | Gradient | Peer | float64 | float32 |", "| --- | --- | --- | --- | --- |"]
    for cls in _offered():
        name, found = (cls.kind, cls.key), worst.get((cls.kind, cls.key), {})
        slopes = "no gradient" if cls.kind in SLOPELESS else _figure(found, "gradient")
        beside = ", ".join(sorted(peers[name])) or NOT_COMPARED.get(name, UNASKED.get(cls.kind, "not compared"))
        figures = (_figure(found, "float64"), _figure(found, "float32"))
        lines.append(f"| {cls.kind} {cls.key} | {slopes} | {beside} | {figures[0]} | {figures[1]} |")
    return "\n".join(lines)


def _offered() -> list[type[Component]]:
    kinds = [kind for kind in registry.KINDS if kind not in WORDLESS]
    return [cls for kind in kinds for cls in registry.registry(kind) if not getattr(cls, "hidden", False)]


def _figure(found: dict[str, float], what: str) -> str:
    return f"{found[what]:.0e}" if what in found else "-"

"""Rounds of measuring: every side in processes of its own, in turn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import engine
from engine.bench.workloads import WORKLOADS
from engine.errors import UsageError

ROUND_LIMIT = 600.0  # seconds
Figures = dict[str, Any]


def measured(
    name: str, sides: Sequence[str], rounds: int, steps: int, note: Callable[[str], None], compiled: bool = False
) -> Figures:
    """What a workload takes on every side.

    Args:
        name: the workload.
        sides: ``engine`` and perhaps a peer.
        rounds: how often each side is measured.
        steps: updates of a round; 0 for the workload's own number.
        note: hears what is being measured.
        compiled: let a peer also try its own compiler, which takes up to a minute each time.

    Returns:
        by side: ``min_ms``, ``median_ms`` and ``memory_mb``, for a peer in its fastest layout; with two sides also
        ``ratio_min`` and ``ratio_median`` (the median over rounds of the ratio of the medians).

    Raises:
        UsageError: a round failed or took too long.
    """
    count = steps or WORKLOADS[name].steps
    entries = [(side, layout) for side in sides for layout in _layouts(side, name, compiled)]
    results: dict[tuple[str, str], list[Figures]] = {entry: [] for entry in entries}
    for number in range(rounds):
        # Turn and turn about, so that no side always has the quieter moment.
        for side, layout in entries if number % 2 == 0 else entries[::-1]:
            note(f"{name}: round {number + 1} of {rounds}, {side} {layout}".rstrip())
            results[side, layout].append(_round(side, name, count, layout))
    told: Figures = {}
    best: list[list[Figures]] = []
    for side in sides:
        found = {layout: _together(results[side, layout]) for layout in _layouts(side, name, compiled)}
        layout = min(found, key=lambda key: found[key]["median_ms"])
        told[side] = found[layout] | ({"layout": layout, "layouts": found} if layout else {})
        best.append(results[side, layout])
    if len(sides) > 1:
        told["ratio_min"] = told[sides[0]]["min_ms"] / told[sides[1]]["min_ms"]
        told["ratio_median"] = statistics.median(a["median"] / b["median"] for a, b in zip(*best, strict=True))
    return told


def _layouts(side: str, name: str, compiled: bool) -> tuple[str, ...]:
    """What a side tries; the engine has one layout only, a peer is shown in its fastest."""
    if side == "engine":
        return ("",)
    layouts = WORKLOADS[name].layouts or ("plain",)
    return (*layouts, *(f"{layout}-compiled" for layout in layouts)) if compiled else layouts


def _round(side: str, name: str, steps: int, layout: str) -> Figures:
    given = [name, str(steps), *([layout] if layout else [])]
    return answer_of(f"engine.bench.{side}_side", given, f"The round of {name} with {side}")


def answer_of(module: str, given: Sequence[str], what: str, surroundings: Mapping[str, str] | None = None) -> Figures:
    """The line of JSON that a module prints last, run in a process of its own.

    Args:
        module: its name.
        given: what it is given.
        what: what it does, in sentences.
        surroundings: the environment of the process (default: that of this one).

    Raises:
        UsageError: it failed or took too long.
    """
    command = [sys.executable, "-m", module, *given]
    root = Path(engine.__file__).parent.parent
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=ROUND_LIMIT, check=False, cwd=root, env=surroundings
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"{what} took longer than {ROUND_LIMIT:.0f} s. Try fewer --steps.") from None
    if ended.returncode != 0:
        last = (ended.stderr.strip().splitlines() or ["no word why"])[-1]
        raise UsageError(f"{what} failed: {last}")
    found: Figures = json.loads(ended.stdout.splitlines()[-1])
    return found


def _together(runs: list[Figures]) -> Figures:
    memory = [run["memory"] for run in runs if run["memory"] is not None]
    return {
        "min_ms": min(run["min"] for run in runs),
        "median_ms": statistics.median(run["median"] for run in runs),
        "memory_mb": max(memory) if memory else None,
    }

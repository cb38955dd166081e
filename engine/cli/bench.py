"""``bench``: milliseconds per update and peak memory, alone or beside PyTorch."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import engine
from engine.cli.bench_workloads import WORKLOADS
from engine.cli.opening import AsJson
from engine.cli.output import say, show_json, show_table, tell
from engine.errors import UsageError

PEERS = {"torch": "torch==2.13.0"}
ROUND_LIMIT = 600.0  # seconds


EXAMPLES = (
    "python3 main.py bench --workload mlp",
    "python3 main.py bench --peer torch --rounds 9",
    "python3 main.py bench --gui --only tiny,drag",
)


def bench(
    workload: Annotated[str, typer.Option(help=f"One of {', '.join(WORKLOADS)}; all if left out")] = "",
    peer: Annotated[str, typer.Option(help="Compare with torch.")] = "",
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Rounds; the sides take turns.")] = 5,
    steps: Annotated[int, typer.Option(min=0, help="Updates per round; 0 for enough to measure")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure training: every side in processes of its own, several rounds in turn."""
    if workload and workload not in WORKLOADS:
        raise UsageError(f"There is no workload '{workload}'; there are {', '.join(WORKLOADS)}.")
    if peer and peer not in PEERS:
        raise UsageError(f"There is no peer '{peer}'; there is {', '.join(PEERS)}.")
    if peer and importlib.util.find_spec(peer) is None:
        raise UsageError(
            f"'{peer}' is not installed. Start this as `python3 main.py bench --peer {peer}`, or install it."
        )
    sides = ["engine"] + ([peer] if peer else [])
    found = {name: _measured(name, sides, rounds, steps, as_json) for name in ([workload] if workload else WORKLOADS)}
    if as_json:
        show_json({"rounds": rounds, "workloads": found})
        return
    for name, told in found.items():
        _show(name, told)


def _measured(name: str, sides: list[str], rounds: int, steps: int, quiet: bool) -> dict[str, Any]:
    count = steps or WORKLOADS[name].steps
    entries = [(side, layout) for side in sides for layout in _layouts(side, name)]
    results: dict[tuple[str, str], list[dict[str, Any]]] = {entry: [] for entry in entries}
    for number in range(rounds):
        # Turn and turn about, so that no side always has the quieter moment.
        for side, layout in entries if number % 2 == 0 else entries[::-1]:
            if not quiet:
                say(f"{name}: round {number + 1} of {rounds}, {side} {layout}".rstrip())
            results[side, layout].append(_round(side, name, count, layout))
    told: dict[str, Any] = {}
    best: list[list[dict[str, Any]]] = []
    for side in sides:
        found = {layout: _together(results[side, layout]) for layout in _layouts(side, name)}
        layout = min(found, key=lambda key: found[key]["median_ms"])
        told[side] = found[layout] | ({"layout": layout, "layouts": found} if layout else {})
        best.append(results[side, layout])
    if len(sides) > 1:
        told["ratio_min"] = told[sides[0]]["min_ms"] / told[sides[1]]["min_ms"]
        told["ratio_median"] = statistics.median(a["median"] / b["median"] for a, b in zip(*best, strict=True))
    return told


def _layouts(side: str, name: str) -> tuple[str, ...]:
    """What a side tries; the engine has one layout only, a peer is shown in its fastest."""
    return ("",) if side == "engine" else WORKLOADS[name].layouts or ("",)


def _round(side: str, name: str, steps: int, layout: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"engine.cli.bench_{side}", name, str(steps), *([layout] if layout else [])]
    root = Path(engine.__file__).parent.parent
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=ROUND_LIMIT, check=False, cwd=root)
    except subprocess.TimeoutExpired:
        raise UsageError(f"A round of {name} took longer than {ROUND_LIMIT:.0f} s. Try fewer --steps.") from None
    if ended.returncode != 0:
        last = (ended.stderr.strip().splitlines() or ["no word why"])[-1]
        raise UsageError(f"The round of {name} with {side} failed: {last}")
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _together(runs: list[dict[str, Any]]) -> dict[str, Any]:
    memory = [run["memory"] for run in runs if run["memory"] is not None]
    return {
        "min_ms": min(run["min"] for run in runs),
        "median_ms": statistics.median(run["median"] for run in runs),
        "memory_mb": max(memory) if memory else None,
    }


def _show(name: str, told: dict[str, Any]) -> None:
    rows = []
    for side in ("engine", *PEERS):
        if side in told:
            memory = told[side]["memory_mb"]
            memory_text = f"{memory:,.0f} MB" if memory is not None else "?"
            layout = told[side].get("layout", "")
            shown = f"{side}, {layout}" if layout else side
            rows.append([shown, f"{told[side]['min_ms']:.3f}", f"{told[side]['median_ms']:.3f}", memory_text])
    columns = ("Side", "ms per step, min", "median", "Peak memory")
    show_table(f"{name}: {WORKLOADS[name].title}", columns, rows, numbers=(1, 2, 3))
    for side in PEERS:
        for layout, figures in told.get(side, {}).get("layouts", {}).items():
            if layout != told[side]["layout"]:
                tell(
                    f"{side} with its pictures {layout}: {figures['min_ms']:.3f} ms, median {figures['median_ms']:.3f}."
                )
    if "ratio_median" in told:
        ratio = told["ratio_median"]
        tell(
            f"Ratio of the medians, round by round: {ratio:.2f}; of the fastest updates: {told['ratio_min']:.2f}; "
            f"{'below 1 the engine is faster' if ratio <= 1 else 'above 1 the peer is faster'}."
        )

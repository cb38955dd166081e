"""``python3 main.py bench --gui``: how smooth the window is, what it costs training, how soon training starts."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

import designer
from engine.cli.output import say, show_table, tell
from engine.errors import LayerloomError, UsageError

PARTS = ("cnn", "tiny", "drag", "first", "drag-1000", "edit-1000", "open-1000", "look-1000")
DRAGS = (
    ("one", "One node"),
    ("one_cpu", "One node, processor time"),
    ("all", "All selected"),
    ("all_cpu", "All selected, processor time"),
)
#: What is measured in a network of 1,000 layers: title and goal (ms) by part.
LARGE = {
    "drag-1000": ("Dragging among 1,000 nodes, ms per frame", 16.7),
    "edit-1000": ("An edit among 1,000 nodes, ms", 16.0),
    "open-1000": ("Opening 1,000 nodes, ms", 500.0),
    "look-1000": ("Looking around among 1,000 nodes, ms per frame", 16.7),
}
TITLES = {"cnn": "The template with convolutions", "tiny": "2-8-8-2, batch 10"}
#: Longest time for one process (s), beyond what it measures.
LIMIT = 900.0
#: Goals: lateness of timers (ms), share of training's speed, frames while dragging (ms), first update (s).
LATE, SPEED, DRAG, COLD, FIRST = 20.0, 0.95, 16.7, 5.0, 1.0
Figures = dict[str, Any]


def bench(
    only: Annotated[str, typer.Option(help=f"Parts, separated by commas: {', '.join(PARTS)}.")] = ",".join(PARTS),
    seconds: Annotated[float, typer.Option(min=0.05, help="How long each round measures.")] = 8.0,
    rounds: Annotated[int, typer.Option(min=1, max=99, help="Rounds; with and without the window in turn.")] = 3,
    file: Annotated[Path | None, typer.Option("--json", help="Also write the figures into this file.")] = None,
    gui: Annotated[bool, typer.Option("--gui", help="Measure the window (always on here).")] = True,
) -> None:
    """Measure the window: lateness, what it costs training, dragging, and the start of training."""
    parts = [part.strip() for part in only.split(",") if part.strip()]
    unknown = [part for part in parts if part not in PARTS]
    if unknown or not parts:
        named = f"'{unknown[0]}'" if unknown else "nothing"
        raise UsageError(f"--only takes {', '.join(PARTS)}, separated by commas; received {named}.")
    found: Figures = {"platform": os.environ.get("QT_QPA_PLATFORM", "screen"), "seconds": seconds, "rounds": rounds}
    for part in parts:
        if part in LARGE:
            found[part] = _once("large", part.removesuffix("-1000"), seconds)
        elif part in TITLES:
            found[part] = _trained(part, seconds, rounds)
        else:
            found[part] = _once("drag", "all", seconds) if part == "drag" else _first(rounds)
        if file is not None:
            file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    _show(found)


def _trained(name: str, seconds: float, rounds: int) -> Figures:
    """The same training with and without a window, turn and turn about."""
    kinds = ["headless", "window"] + (["inside"] if name == "cnn" else [])
    results: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    for number in range(rounds):
        for kind in kinds if number % 2 == 0 else kinds[::-1]:
            say(f"{name}: round {number + 1} of {rounds}, {kind}")
            results[kind].append(_once(kind, name, seconds))
    told: Figures = {"headless": {"updates": statistics.median(r["updates"] for r in results["headless"])}}
    for kind in kinds[1:]:
        pairs = zip(results[kind], results["headless"], strict=True)
        told[kind] = {
            "updates": statistics.median(result["updates"] for result in results[kind]),
            "speed": statistics.median(ours["updates"] / alone["updates"] for ours, alone in pairs),
            "late": {clock: _middle([r["late"][clock] for r in results[kind]]) for clock in ("fine", "frame")},
        }
    return told


def _first(rounds: int) -> Figures:
    """The press of Train with kernels in the cache, without any, and after the worker had its time."""
    told: Figures = {}
    for kind, name, cold in (("warm", "cnn", False), ("cold", "cnn", True), ("prepared", "cnn-prepared", True)):
        found = []
        for number in range(rounds):
            say(f"first update, {kind}: round {number + 1} of {rounds}")
            with tempfile.TemporaryDirectory(prefix="layerloom-cold-") as folder:
                found.append(_once("first", name, 0.0, folder if cold else "")["seconds"])
        told[kind] = statistics.median(found)
    return told


def _middle(results: list[Figures]) -> Figures:
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def _once(kind: str, name: str, seconds: float, cache: str = "") -> Figures:
    command = [sys.executable, "-m", "designer.bench.round", kind, name, str(seconds)]
    environ = dict(os.environ) | ({"LAYERLOOM_CACHE": cache} if cache else {})
    root = Path(designer.__file__).parents[1]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT + seconds, check=False, cwd=root, env=environ
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"The round {kind} of {name} took longer than {LIMIT:.0f} s.") from None
    if ended.returncode != 0 or not ended.stdout.strip():
        last = (ended.stderr.strip().splitlines() or ["no word why"])[-1]
        raise UsageError(f"The round {kind} of {name} failed: {last}")
    found: Figures = json.loads(ended.stdout.splitlines()[-1])
    return found


def _show(found: Figures) -> None:
    for name, title in TITLES.items():
        if name in found:
            _show_training(title, found[name])
    if "drag" in found:
        rows = [_row(text, found["drag"][key], DRAG) for key, text in DRAGS]
        show_table("Dragging among 200 nodes, ms per frame", ("What", "p50", "p99", "max", "Goal"), rows, (1, 2, 3))
    for part, (title, goal) in LARGE.items():
        if part in found:
            rows = [_row(_words(key), figures, goal) for key, figures in found[part].items() if key != "cache"]
            show_table(title, ("What", "p50", "p99", "max", "Goal"), rows, (1, 2, 3))
    if "first" in found:
        goals = {"warm": FIRST, "cold": COLD, "prepared": FIRST}
        rows = [[kind, f"{found['first'][kind]:.2f}", f"{goal:g}"] for kind, goal in goals.items()]
        show_table("From pressing Train to the first update, s", ("Kernels", "Seconds", "Goal"), rows, (1,))


def _words(key: str) -> str:
    name = dict(DRAGS).get(key) or key.replace("_cpu", ", processor time").replace("_", " ")
    return name[0].upper() + name[1:]


def _show_training(title: str, told: Figures) -> None:
    rows = []
    for kind in ("window", "inside"):
        if kind in told:
            for clock, text in (("fine", "10 ms timer"), ("frame", "16 ms timer")):
                rows.append(_row(f"{kind}, {text}", told[kind]["late"][clock], LATE))
    show_table(f"{title}: lateness of the window, ms", ("What", "p50", "p99", "max", "Goal"), rows, (1, 2, 3))
    for kind in ("window", "inside"):
        if kind in told:
            tell(
                f"{told['headless']['updates']:,.1f} updates a second alone, {told[kind]['updates']:,.1f} with {kind}: "
                f"{100 * told[kind]['speed']:.1f} % of the speed (goal: {100 * SPEED:.0f} %)."
            )


def _row(text: str, figures: Figures, goal: float) -> list[str]:
    return [text, *(f"{figures[key]:.1f}" for key in ("p50", "p99", "max")), f"p99 < {goal:g}"]


def main() -> None:
    """Measure, or say in one sentence why not."""
    try:
        typer.run(bench)
    except LayerloomError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()

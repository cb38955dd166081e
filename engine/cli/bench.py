"""``bench``: milliseconds per update and peak memory, alone or beside PyTorch, and where the time goes."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.bench.chart import ratio_chart
from engine.bench.cold import cold
from engine.bench.engine_side import training
from engine.bench.foretold import foretold
from engine.bench.profile import profile
from engine.bench.roof import operations, roof
from engine.bench.rounds import answer_of, measured
from engine.bench.scale import AXES
from engine.bench.workloads import WORKLOADS
from engine.cli.opening import AsJson
from engine.cli.output import say, show_json, show_table, tell
from engine.errors import UsageError
from engine.estimate.calibrate import calibrate
from engine.estimate.rates import Rates, keep_rates, kept_rates
from engine.train.job import job_of

PEERS = {"torch": "torch==2.13.0"}
#: Kernels that are named as those that took longest to compile.
LONGEST = 5
TRAINED = tuple(name for name, work in WORKLOADS.items() if not work.answers)

EXAMPLES = (
    "python3 main.py bench --workload mlp",
    "python3 main.py bench --peer torch --rounds 9 --plot ratios.svg",
    "python3 main.py bench --profile --workload cnn",
    "python3 main.py bench --scale",
    "python3 main.py bench --cold --workload gru",
    "python3 main.py bench --gui --only tiny,drag",
)


def bench(
    workload: Annotated[str, typer.Option(help=f"One of {', '.join(WORKLOADS)}; all if left out")] = "",
    peer: Annotated[str, typer.Option(help="Compare with torch.")] = "",
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Rounds; the sides take turns.")] = 5,
    steps: Annotated[int, typer.Option(min=0, help="Updates per round; 0 for enough to measure")] = 0,
    compiled: Annotated[
        bool, typer.Option("--compiled", help="Let the peer also try its own compiler (minutes more).")
    ] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the ratios into this SVG file.")] = None,
    shares: Annotated[bool, typer.Option("--profile", help="Show the share of each kernel in an update.")] = False,
    scale: Annotated[bool, typer.Option("--scale", help="Show how time and memory grow.")] = False,
    estimates: Annotated[
        bool, typer.Option("--estimate", help="Calibrate, and show estimated beside measured times.")
    ] = False,
    first: Annotated[
        bool, typer.Option("--cold", help="Show how long the first batch takes with nothing compiled.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure training: every side in processes of its own, several rounds in turn."""
    _check(workload, peer, plot)
    if sum((shares, scale, estimates, first)) > 1:
        raise UsageError("--profile, --scale, --estimate and --cold are measured one at a time; choose one of them.")
    names = [workload] if workload else list(WORKLOADS)
    if shares:
        _profiles([name for name in names if name in TRAINED], as_json)
    elif scale:
        _scales(as_json)
    elif estimates:
        _estimates([name for name in names if name in TRAINED], as_json)
    elif first:
        _first_batches([name for name in names if name in TRAINED], as_json)
    else:
        sides = ["engine"] + ([peer] if peer else [])

        def run(name: str) -> dict[str, Any]:
            return measured(name, sides, rounds, steps, (lambda text: None) if as_json else say, compiled)

        _compare(names, run, rounds, plot, as_json)


def _check(workload: str, peer: str, plot: Path | None) -> None:
    if workload and workload not in WORKLOADS:
        raise UsageError(f"There is no workload '{workload}'; there are {', '.join(WORKLOADS)}.")
    if peer and peer not in PEERS:
        raise UsageError(f"There is no peer '{peer}'; there is {', '.join(PEERS)}.")
    if peer and importlib.util.find_spec(peer) is None:
        raise UsageError(
            f"'{peer}' is not installed. Start this as `python3 main.py bench --peer {peer}`, or install it."
        )
    if plot is not None and not peer:
        raise UsageError("--plot draws how the engine compares with a peer. Add --peer torch.")
    if plot is not None and not plot.absolute().parent.is_dir():
        raise UsageError(f"--plot names a file in '{plot.parent}', which is no folder. Make it, or choose another.")


# -- beside a peer ---------------------------------------------------------------------------------


def _compare(
    names: Sequence[str], run: Callable[[str], dict[str, Any]], rounds: int, plot: Path | None, as_json: bool
) -> None:
    if not as_json:
        say("measuring how fast this machine multiplies matrices")
    top = roof()
    found = {}
    for name in names:
        told = run(name)
        speed = operations(name) / told["engine"]["min_ms"] / 1e6
        found[name] = told | {"gflops": speed, "roof_share": speed / top}
    if plot is not None:
        plot.write_text(ratio_chart({name: told["ratio_min"] for name, told in found.items()}), "utf-8")
    if as_json:
        show_json({"rounds": rounds, "roof_gflops": top, "workloads": found})
        return
    for name, told in found.items():
        _show(name, told)
    tell(f"Roof: {top:.0f} GFLOP/s of large matrix products on all cores.")


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
    tell(f"{told['gflops']:.3g} GFLOP/s, {told['roof_share']:.0%} of the roof (counted without Winograd's savings).")
    for side in PEERS:
        for layout, figures in told.get(side, {}).get("layouts", {}).items():
            if layout != told[side]["layout"]:
                tell(f"{side}, {layout}: {figures['min_ms']:.3f} ms, median {figures['median_ms']:.3f}.")
    if "ratio_median" in told:
        ratio = told["ratio_median"]
        tell(
            f"Ratio of the medians, round by round: {ratio:.2f}; of the fastest updates: {told['ratio_min']:.2f}; "
            f"{'below 1 the engine is faster' if ratio <= 1 else 'above 1 the peer is faster'}."
        )


# -- where the time goes -----------------------------------------------------------------------------


def _profiles(names: Sequence[str], as_json: bool) -> None:
    found = {name: profile(job_of(*training(name))) for name in names}
    if as_json:
        show_json({name: [vars(share) for share in shares] for name, shares in found.items()})
        return
    for name, shares in found.items():
        rows = [[s.kernel, f"{s.calls}", f"{s.milliseconds:.3f}", f"{s.part:.1%}"] for s in shares]
        whole = sum(s.milliseconds for s in shares)
        show_table(
            f"{name}: {WORKLOADS[name].title}; {whole:.3f} ms on one thread",
            ("Kernel", "Calls", "ms", "Share"), rows, numbers=(1, 2, 3),
        )  # fmt: skip


def _scales(as_json: bool) -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, axis in AXES.items():
        for size in axis.sizes:
            if not as_json:
                say(f"{name}: {size:,} {axis.unit}")
            figures = answer_of("engine.bench.scale", (name, str(size)), f"The measurement of {name} {size}")
            found.setdefault(name, []).append({"size": size, **figures})
    if as_json:
        show_json(found)
        return
    for name, rows in found.items():
        shown = [
            [AXES[name].shown(row["size"]), f"{row['min_ms']:.3f}", f"{row['median_ms']:.3f}",
             f"{row['per_second']:,.0f}", f"{row['memory_mb'] or 0:,.0f} MB"]
            for row in rows
        ]  # fmt: skip
        columns = (AXES[name].unit.capitalize(), "ms per step, min", "median", "Samples a second", "Peak memory")
        show_table(f"{name}: {AXES[name].title}", columns, shown, numbers=(0, 1, 2, 3, 4))


def _estimates(names: Sequence[str], as_json: bool) -> None:
    rates = kept_or_measured(as_json)
    found = {}
    for name in names:
        if not as_json:
            say(f"measuring {name}")
        found[name] = vars(foretold(name, rates))
    if as_json:
        show_json({"rates": dict(rates.seconds), "workloads": found})
        return
    for kind, shown in (
        ("Updates", ("estimated_ms", "measured_ms", "undisturbed_ms", "ratio")),
        ("Short epochs with validation", ("epoch_estimated_ms", "epoch_measured_ms", "epoch_ratio")),
    ):
        rows = [[name, *(f"{told[key]:.3f}" for key in shown)] for name, told in found.items()]
        columns = ("Workload", *(key.removeprefix("epoch_").replace("_", " ").capitalize() for key in shown))
        show_table(f"{kind} as estimated and as measured", columns, rows, numbers=range(1, len(columns)))
    tell("Undisturbed: by the processor time of the tasks, as if nothing else were running.")


def _first_batches(names: Sequence[str], as_json: bool) -> None:
    found = {}
    for name in names:
        if not as_json:
            say(f"starting {name} without any compiled kernel")
        found[name] = cold(name)
    if as_json:
        show_json(found)
        return
    rows = [
        [name, f"{told['seconds']:.2f}", f"{len(told['kernels'])}",
         ", ".join(f"{kernel} {seconds:.2f}" for kernel, seconds in told["kernels"][:LONGEST])]
        for name, told in found.items()
    ]  # fmt: skip
    columns = ("Workload", "Seconds", "Kernels", "The longest (s)")
    show_table("From the start to the first batch, with an empty cache of kernels", columns, rows, numbers=(1, 2))


def kept_or_measured(quiet: bool) -> Rates:
    """This machine's rates, measured anew and kept for the window."""
    if not quiet:
        say("calibrating: small networks are trained for a few updates")
    rates = calibrate()
    assert rates is not None, "nobody stops it"
    try:
        keep_rates(rates)
    except OSError as error:
        if not quiet and kept_rates() is None:
            say(f"The rates cannot be kept: {error.strerror or error}.")
    return rates

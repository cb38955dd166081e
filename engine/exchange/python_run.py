"""Runs a Python file that is given away, as its receiver would, and brings its answers back."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from engine.exchange.other_process import GivenUp, Hung, never, run
from engine.exchange.parcel import Array, Parcel

#: How long it may take (s).
PATIENCE = 300
#: Runs the file under its own name; whatever is neither numpy nor Python's own cannot be imported.
NUMPY_ONLY = """
import runpy, sys
class Guard:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top != "numpy" and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{name} is neither numpy nor part of Python", name=name)
sys.meta_path.insert(0, Guard())
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def answers_of(
    parcel: Parcel, file: Path, names: Mapping[str, str], numpy_only: bool = False, given_up: GivenUp = never
) -> dict[str, Array]:
    """Answers of a written file to the parcel's samples, by output node.

    Args:
        parcel: with the samples.
        file: takes a file of samples and a place for answers on its command line.
        names: of inputs and outputs in these files, by node.
        numpy_only: let it import numpy and nothing else.
        given_up: whether nobody wants the answers any more.

    Raises:
        UsageError: it does not run.
        Abandoned: it was given up.
    """
    with tempfile.TemporaryDirectory(prefix="layerloom-") as room:
        samples, answers = Path(room) / "samples.npz", Path(room) / "answers.npz"
        arrays = {names[key]: np.asarray(rows) for key, rows in parcel.samples.items()}
        np.savez(samples, **arrays)  # type: ignore[arg-type]
        guard = ["-c", NUMPY_ONLY] if numpy_only else []
        # -I: neither variables of the environment nor the folder at hand lend it anything; -B: it leaves no cache.
        command = [sys.executable, "-I", "-B", *guard, str(file.resolve()), str(samples), str(answers)]
        _run(command, Path(room), file.name, given_up)
        with np.load(answers, allow_pickle=False) as found:
            return {key: found[names[key]] for key in parcel.graph.outputs if names[key] in found}


def starts(package: str, given_up: GivenUp = never) -> bool:
    """Whether a package can be imported by a fresh Python."""
    try:
        return run([sys.executable, "-I", "-B", "-c", f"import {package}"], PATIENCE, given_up).code == 0
    except Hung:
        return False


def _run(command: list[str], room: Path, what: str, given_up: GivenUp) -> None:
    try:
        ended = run(command, PATIENCE, given_up, folder=room)
    except Hung:
        raise UsageError(
            f"The export was not kept, because {what} gave no answer within {PATIENCE} seconds. "
            "Try again when the machine is less busy."
        ) from None
    if ended.code:
        said = ended.complaints or (f"it ended with code {ended.code}",)
        raise UsageError(
            f"The export was not kept, because {what} does not run: {said[-1][:300]} "
            "This is a fault of Layerloom; please report it with the project."
        )

"""Computes exports for Keras again: with Keras itself where it is installed, else with what is at hand."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UsageError
from engine.exchange import keras_reader
from engine.exchange.other_process import GivenUp, Hung, never, run
from engine.exchange.parcel import Array, Parcel
from engine.exchange.target import Proof, Unproven, compared

#: What Keras can compute with, in the order in which it is tried.
BACKENDS = ("tensorflow", "torch", "jax", "openvino")
#: Seconds after which a run counts as hung; starting a backend alone may take many.
PATIENCE = 600
#: The exit code of a program that cannot do what it was started for.
UNABLE = 3
MISSING = "Keras is not installed here"
BARE = "Keras is installed here without a backend to compute with"
BROKEN = "Keras is installed here but does not start"
#: What to do, by what stands in the way.
INSTALL, REPAIR = "Install keras with a backend, then export again.", "Repair it, then export again."


@dataclass(frozen=True)
class Absent:
    """Why Keras itself computed nothing.

    Attributes:
        why: the beginning of a sentence.
        said: what Keras said when it did not start.
    """

    why: str
    said: str = ""

    @property
    def remedy(self) -> str:
        """What would let it compute: a sentence, after what Keras said."""
        return f"Keras said: {self.said}. {REPAIR}" if self.said else INSTALL


def prove_archive(parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
    """Load a ``.keras`` archive and compare."""
    parcel = parcel.in_a_batch()
    proof = _with_keras(parcel, place, given_up)
    if isinstance(proof, Proof):
        return proof
    try:
        found = keras_reader.answers(place, list(_samples(parcel).values()))
    except keras_reader.UnknownLayerError as error:
        return Unproven(f"{proof.why}, and {error}. {proof.remedy}")
    return _compared(parcel, f"Layerloom's own reader of .keras files ({_remark(proof)})", found)


def prove_script(parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
    """Run a script with its weights and compare."""
    parcel = parcel.in_a_batch()
    proof = _with_keras(parcel, place, given_up)
    if isinstance(proof, Proof):
        return proof
    variables = {"PYTHONPATH": os.pathsep.join(sys.path)}
    remark = f" ({_remark(proof)})"
    result = _run(parcel, ["-m", "engine.exchange.keras_again"], place, variables, given_up, remark)
    if isinstance(result, str):
        return Unproven(f"{proof.why}, and {result}. {proof.remedy}")
    return result


def _remark(absent: Absent) -> str:
    return f"{absent.why}: {absent.said}" if absent.said else absent.why


def backend() -> str | None:
    """What Keras would compute with here; ``None`` where it cannot run."""
    if importlib.util.find_spec("keras") is None:
        return None
    chosen = os.environ.get("KERAS_BACKEND", "")
    return chosen or next((name for name in BACKENDS if importlib.util.find_spec(name) is not None), None)


def _with_keras(parcel: Parcel, place: Path, given_up: GivenUp) -> Proof | Absent:
    chosen = backend()
    if chosen is None:
        return Absent(MISSING if importlib.util.find_spec("keras") is None else BARE)
    program = str(Path(__file__).with_name("keras_runner.py"))
    result = _run(parcel, [program], place, {"KERAS_BACKEND": chosen}, given_up)
    return Absent(BROKEN, result[:300].rstrip(".")) if isinstance(result, str) else result


def _run(
    parcel: Parcel,
    program: Sequence[str],
    place: Path,
    variables: Mapping[str, str],
    given_up: GivenUp,
    remark: str = "",
) -> Proof | str:
    """Let another process compute; returns its complaint where it is unable to.

    Args:
        parcel: what was exported.
        program: arguments of Python.
        place: the export.
        variables: of the environment.
        given_up: whether nobody wants the proof any more.
        remark: follows the name that the process gives itself.

    Raises:
        UsageError: it failed on what was exported.
        Abandoned: it was given up.
    """
    with tempfile.TemporaryDirectory(prefix="layerloom-") as room:
        samples, answers = Path(room) / "samples.npz", Path(room) / "answers.npz"
        np.savez(samples, *_samples(parcel).values())
        # -P and -B: what lies beside the program is not imported, and nothing is left beside the script.
        command = [sys.executable, "-P", "-B", *program, str(place), str(samples), str(answers)]
        environ = {**os.environ, "KERAS_HOME": room, **variables}
        try:
            done = run(command, PATIENCE, given_up, environ=environ)
        except Hung:
            raise UsageError(f"{place.name} was not kept: it did not answer within {PATIENCE} seconds.") from None
        said = done.complaints or ("it said nothing",)
        if done.code == UNABLE:
            return said[-1]
        if done.code:
            raise UsageError(
                f"{place.name} was not kept, because it fails when it is run: {said[-1]} "
                "This is a fault of Layerloom; please report it with the project."
            )
        found = np.load(answers, allow_pickle=False)
        by = done.said.strip().splitlines()[-1] + remark
        return _compared(parcel, by, [found[name] for name in found.files])


def _samples(parcel: Parcel) -> dict[str, Array]:
    return {key: np.asarray(parcel.samples[key], np.float32) for key in parcel.graph.inputs}


def _compared(parcel: Parcel, by: str, answers: Sequence[Array]) -> Proof:
    return compared(parcel, by, dict(zip(parcel.graph.outputs, answers, strict=True)))

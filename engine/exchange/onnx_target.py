"""ONNX: one file that most runtimes read."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import UsageError
from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Array, Parcel, identifier
from engine.exchange.target import Proof, Unproven, compared
from engine.exchange.walk import obstacles, walk
from engine.problems import Problem

#: Bytes that a file of this format can hold at most.
LARGEST = 2**31 - 2**20
#: Samples for the reference implementation, which takes its time.
FEW = 8


class Onnx:
    """Exports to ONNX.

    The packages behind it are loaded when they are needed, because they would hold up every start.
    """

    key = "onnx"
    title = "ONNX"
    help = (
        "One file with network and weights, read by ONNX Runtime, OpenVINO, OpenCV, browsers and telephones. "
        "It answers, but does not train on."
    )
    suffix = ".onnx"

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """Layers and activations without counterpart, and weights that are too large for the format."""
        size = sum(array.nbytes for arrays in parcel.weights.values() for array in arrays.values())
        if size > LARGEST:
            text = f"Its weights take {size / 2**30:.1f} GB, and the format holds less than 2 GB. Make layers smaller."
            return (Problem(text),)
        return obstacles(parcel, _writer())

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """Nothing is lost that answers need."""
        return ()

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the file, after the format's own checker has passed it."""
        onnx = importlib.import_module("onnx")
        model = _model(parcel)
        try:
            onnx.checker.check_model(model, full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            raise _fault("ONNX's checker refuses it", error) from None
        place.write_bytes(model.SerializeToString(deterministic=True))

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Run the file with ONNX Runtime, or with the format's reference implementation."""
        run = run_by_runtime
        if importlib.util.find_spec("onnxruntime") is None:
            run = run_by_reference
            parcel = replace(parcel, samples={key: rows[:FEW] for key, rows in parcel.samples.items()})
        samples = {parcel.names[key]: np.asarray(rows, np.float32) for key, rows in parcel.samples.items()}
        try:
            by, answers = run(place, samples)
        except Exception as error:  # each has errors of its own, without a common kind
            raise _fault("it does not run", error) from None
        return compared(parcel, by, dict(zip(parcel.graph.outputs, answers, strict=True)))


def _fault(what: str, error: Exception) -> UsageError:
    said = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
    return UsageError(
        f"The export to ONNX was not kept, because {what}: {said} "
        "This is a fault of Layerloom; please report it with the project."
    )


def _writer() -> Any:
    return importlib.import_module("engine.exchange.onnx_writer").OnnxWriter()


def _model(parcel: Parcel) -> Any:
    writer = _writer()
    walk(parcel, writer)
    notes = {"classes": json.dumps(parcel.classes)} if parcel.classes else {}
    # A folder's name may hold what no text file can.
    title = parcel.name.encode("utf-8", "replace").decode()
    return writer.graph.model(title, identifier(parcel.name), notes)


def run_by_runtime(place: Path, samples: Mapping[str, Array]) -> tuple[str, list[Array]]:
    """Answers of a file by ONNX Runtime, and what that is called."""
    runtime = importlib.import_module("onnxruntime")
    runtime.disable_telemetry_events()  # on Windows it would tell its makers
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(place), options, providers=["CPUExecutionProvider"])
    return f"onnxruntime {runtime.__version__}", session.run(None, samples)


def run_by_reference(place: Path, samples: Mapping[str, Array]) -> tuple[str, list[Array]]:
    """Answers of a file by the format's own reference implementation, which is slow, and what that is called."""
    onnx = importlib.import_module("onnx")
    reference = importlib.import_module("onnx.reference")
    by = f"the reference evaluator of onnx {onnx.__version__}"
    return by, reference.ReferenceEvaluator(str(place)).run(None, samples)

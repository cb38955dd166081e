"""NumPy: a script that needs nothing else, for reading and for small devices."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from engine.errors import UsageError
from engine.exchange.numpy_archive import write_archive
from engine.exchange.numpy_library import sources
from engine.exchange.numpy_writer import NumpyWriter
from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Parcel
from engine.exchange.python_run import answers_of, starts
from engine.exchange.python_text import ANSWERS, INDENT, file_names, samples_text
from engine.exchange.target import Proof, Unproven, compared
from engine.exchange.walk import obstacles, walk
from engine.problems import Problem

HEAD = '''"""A neural network drawn in Layerloom, written out in NumPy.

It needs Python 3.9 and numpy, and the file weights.npz beside it.

    python {file} samples.npy              shows the answers to the samples of a file
    python {file} samples.npy answers.npz  writes them into a file

{inputs}
From other programs: `from {module} import predict`.
"""

from __future__ import annotations

{standard}import sys
from pathlib import Path

import numpy as np
{views}
NAME = {name}
INPUTS = {input_names}
OUTPUTS = {output_names}
#: What the places of an answer stand for, where that is known.
CLASSES = {classes}

# Plain arrays, which can be read without running any code.
with np.load(Path(__file__).with_name("weights.npz"), allow_pickle=False) as stored:
    W = {{key: stored[key] for key in stored.files}}

Array, Sizes, Padding, Function = np.ndarray, tuple, tuple, object
'''
VIEWS = "from numpy.lib.stride_tricks import sliding_window_view\n"
PREDICT = '''
# An exponential may overflow to infinity on its way to the right answer; numpy need not warn of that.
@np.errstate(over="ignore")
def predict({arguments}):
    """Answers to samples; n in the remarks is their number."""
{body}
    return {returned}
'''
TAIL = '''
def main(samples, answers=None):
    """Answer the samples of a .npy file, or of an .npz file with one array for each of INPUTS."""
    given = np.load(samples, allow_pickle=False)
    rows = [given] if isinstance(given, np.ndarray) else [given[name] for name in INPUTS]
    # A hundred at a time, because windows written out as tables take room.
    parts = [predict(*(row[first : first + 100] for row in rows)) for first in range(0, max(1, len(rows[0])), 100)]
    parts = [part if isinstance(part, tuple) else (part,) for part in parts]
'''


class NumpyScript:
    """Exports to a NumPy script."""

    key = "numpy"
    title = "NumPy script"
    help = (
        "A folder with a readable Python file and its weights. It needs numpy and nothing else, "
        "and shows every step of the network written out."
    )
    suffix = ""
    #: The files in the folder.
    file, weights = "network.py", "weights.npz"

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """Layers and activations that cannot be written down."""
        return obstacles(parcel, NumpyWriter(parcel))

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """Nothing is lost that answers need."""
        return ()

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the script and its weights."""
        writer = NumpyWriter(parcel)
        walk(parcel, writer)
        (place / self.file).write_text(_script(parcel, writer, self.file), encoding="utf-8", newline="\n")
        write_archive(place / self.weights, writer.arrays)

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Run the script by itself, where it finds numpy alone."""
        try:
            answers = answers_of(parcel, place / self.file, file_names(parcel), numpy_only=True, given_up=given_up)
        except UsageError:
            if starts("numpy", given_up):
                raise
            return Unproven("a Python of its own finds no numpy here. Run the script where numpy is installed.")
        return compared(parcel, "Python with numpy alone", answers)


def _script(parcel: Parcel, writer: NumpyWriter, file: str) -> str:
    shapes = [parcel.inference.outputs[key][0].sizes for key in parcel.graph.order if key in parcel.graph.inputs]
    functions = "".join(f"\n\n{source}" for source in [*sources(writer.used), *writer.formulas.sources])
    head = HEAD.format(
        standard="import math\n" if "math." in functions else "",
        views=VIEWS if "sliding_window_view" in functions else "",
        file=file,
        module=Path(file).stem,
        inputs=samples_text(shapes, [name for _, name in writer.inputs], parcel.range_text),
        name=repr(parcel.name),
        input_names=repr(tuple(name for _, name in writer.inputs)),
        output_names=repr(tuple(name for _, name in writer.outputs)),
        classes=repr(parcel.classes),
    )
    predict = PREDICT.format(
        arguments=", ".join(variable for variable, _ in writer.inputs),
        body=indent("\n".join(writer.lines), INDENT),
        returned=", ".join(variable for variable, _ in writer.outputs),
    )
    return f"{head}{functions}\n{predict}\n{TAIL}{ANSWERS}"

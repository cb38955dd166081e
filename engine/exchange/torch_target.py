"""PyTorch: a module to read, train on and build upon."""

from __future__ import annotations

import importlib.util
import re
from importlib.metadata import version
from pathlib import Path
from textwrap import indent

from engine.catalogue.layers.recurrent import Recurrent
from engine.component import Component, parameters
from engine.errors import UsageError
from engine.exchange.numpy_archive import write_archive
from engine.exchange.other_process import GivenUp, never
from engine.exchange.parcel import Parcel, identifier
from engine.exchange.python_run import answers_of, starts
from engine.exchange.python_text import ANSWERS, INDENT, file_names, fresh, samples_text
from engine.exchange.target import Proof, Unproven, compared
from engine.exchange.torch_names import FILE
from engine.exchange.torch_writer import TorchWriter
from engine.exchange.walk import obstacles, walk
from engine.problems import Problem

HEAD = '''"""A neural network drawn in Layerloom, as a PyTorch module.

It needs torch and numpy, and the file weights.npz beside it.

    python {file} samples.npy              shows the answers to the samples of a file
    python {file} samples.npy answers.npz  writes them into a file

{inputs}
From other programs: `from {module} import load`, then `load()(x)`.
{remarks}
The weights are plain arrays under the names of the state_dict. A .pt file would be a pickle, which can run code when
it is loaded; arrays cannot.
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

NAME = {name}
INPUTS = {input_names}
OUTPUTS = {output_names}
#: Shapes of one sample of each input in a file.
SHAPES = {shapes}
#: What the places of an answer stand for, where that is known.
CLASSES = {classes}
'''
PICTURES = """
The module takes and gives pictures as (samples, channels, height, width), as PyTorch has them; files of samples and
answers hold (samples, height, width, channels), as Layerloom and Keras have them. channels_first and channels_last
turn one into the other.
"""
PROBABILITIES = """
It answers with probabilities: softmax is its last step. nn.CrossEntropyLoss has a softmax of its own, so to train on
with it, take softmax out of forward; or use nn.NLLLoss on the logarithm of the answers.
"""
STATISTICS = """
While it trains, PyTorch divides the variances that it averages by n - 1, Layerloom and Keras by n.
"""
MODULE = '''

class {kind}(nn.Module):
    """The layers and how they are joined; n in the remarks is the number of samples."""

    def __init__(self):
        super().__init__()
{members}
    def forward(self, {arguments}):
{body}
        return {returned}


def load(weights=Path(__file__).with_name("weights.npz")):
    """The trained network, ready to answer; call .train() on it to train on."""
    network = {kind}()
    with np.load(weights, allow_pickle=False) as stored:
        network.load_state_dict({{name: torch.from_numpy(stored[name]) for name in stored.files}})
    return network.eval()
'''
LAYOUTS = '''

def channels_first(x):
    """Pictures of (n, height, width, channels) as (n, channels, height, width); other tensors as they are."""
    return x.permute(0, 3, 1, 2) if x.ndim == 4 else x


def channels_last(x):
    """Pictures of (n, channels, height, width) as (n, height, width, channels); other tensors as they are."""
    return x.permute(0, 2, 3, 1) if x.ndim == 4 else x
'''
TAIL = '''

def main(samples, answers=None):
    """Answer the samples of a .npy file, or of an .npz file with one array for each of INPUTS."""
    given = np.load(samples, allow_pickle=False)
    rows = [given] if isinstance(given, np.ndarray) else [given[name] for name in INPUTS]
    rows = [np.asarray(row, np.float32).reshape(-1, *shape) for row, shape in zip(rows, SHAPES)]
    network, parts = load(), []
    # A hundred at a time, because what flows through all layers at once takes room.
    for first in range(0, max(1, len(rows[0])), 100):
        with torch.inference_mode():
            part = network(*(channels_first(torch.from_numpy(row[first : first + 100])) for row in rows))
        parts.append([channels_last(y).numpy() for y in (part if isinstance(part, tuple) else (part,))])
'''


class Torch:
    """Exports to a PyTorch module."""

    key = "torch"
    title = "PyTorch code"
    help = (
        "A folder with a readable nn.Module and its weights as plain arrays, for research: it can be changed, "
        "trained on and built upon."
    )
    suffix = ""
    #: The files in the folder.
    file, weights = "model.py", "weights.npz"

    def obstacles(self, parcel: Parcel) -> tuple[Problem, ...]:
        """Layers and activations that cannot be written down."""
        return obstacles(parcel, TorchWriter(parcel, _class_name(parcel)))

    def notes(self, parcel: Parcel) -> tuple[str, ...]:
        """What matters to those who train on."""
        specs = [spec for group in parcel.inference.weights.values() for spec in group]
        found = []
        if any(spec.regularizer is not None for spec in specs):
            found.append("Penalties on weights act in training only and are not in the file; PyTorch has weight_decay.")
        if any(_drops_steps(node.layer) for node in parcel.graph.nodes.values()):
            found.append("What recurrent layers drop is dropped in training only and not in the file.")
        return tuple(found)

    def write(self, parcel: Parcel, place: Path) -> None:
        """Write the module and its weights."""
        writer = TorchWriter(parcel, _class_name(parcel))
        walk(parcel, writer)
        (place / self.file).write_text(_script(parcel, writer, self.file), encoding="utf-8", newline="\n")
        write_archive(place / self.weights, writer.arrays)

    def prove(self, parcel: Parcel, place: Path, given_up: GivenUp = never) -> Proof | Unproven:
        """Run the module in a process of its own, where PyTorch is installed."""
        if importlib.util.find_spec("torch") is None:
            return Unproven("PyTorch is not installed here: pip install torch, then export again to have it compared.")
        try:
            answers = answers_of(parcel, place / self.file, file_names(parcel), given_up=given_up)
        except UsageError:
            if starts("torch", given_up):
                raise
            return Unproven("PyTorch is installed here but does not start. Repair it, then export again.")
        return compared(parcel, f"PyTorch {version('torch')}", answers)


def _drops_steps(layer: Component) -> bool:
    """Whether a recurrent layer, or one inside this one, has a dropout of its own."""
    if isinstance(layer, Recurrent):
        return max(layer.dropout, layer.recurrent_dropout) > 0
    inside = (getattr(layer, p.name) for p in parameters(type(layer)))
    return any(isinstance(part, Component) and _drops_steps(part) for part in inside)


def _class_name(parcel: Parcel) -> str:
    """The name of the project in camel case."""
    words = identifier(parcel.name).split("_")
    return fresh("".join(word[:1].upper() + word[1:] for word in words), (*FILE, "True", "False", "None"))


def _script(parcel: Parcel, writer: TorchWriter, file: str) -> str:
    shapes = [parcel.inference.outputs[key][0].sizes for key in parcel.graph.order if key in parcel.graph.inputs]
    normalizes = any("BatchNorm" in member for member in writer.members)
    head = HEAD.format(
        file=file,
        module=Path(file).stem,
        inputs=samples_text(shapes, [name for _, name in writer.inputs], parcel.range_text),
        remarks=PICTURES * writer.pictures + PROBABILITIES * writer.probabilities + STATISTICS * normalizes,
        name=repr(parcel.name),
        input_names=repr(tuple(name for _, name in writer.inputs)),
        output_names=repr(tuple(name for _, name in writer.outputs)),
        shapes=repr(tuple(shapes)),
        classes=repr(parcel.classes),
    )
    module = MODULE.format(
        kind=_class_name(parcel),
        members=indent("\n".join([*writer.members, ""]), INDENT * 2),
        arguments=", ".join(variable for variable, _ in writer.inputs),
        body=indent("\n".join(writer.lines), INDENT * 2),
        returned=", ".join(code for code, _ in writer.outputs),
    )
    sources = [*writer.formulas.sources, *writer.cells.values()]
    tail = LAYOUTS + TAIL
    if not writer.pictures:
        tail = re.sub(r"channels_(?:first|last)\(((?:[^()]|\([^()]*\))*)\)", r"\1", TAIL)
    return head + "".join(f"\n\n{source}" for source in sources) + module + tail + ANSWERS

"""The nodes, weights and names of an ONNX graph while it grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from engine import __version__
from engine.exchange.parcel import Array

#: Read by every runtime of the last years; nothing later is needed.
OPSET, IR_VERSION = 17, 8
#: Name of the first axis, whose size is free.
BATCH = "batch"


@dataclass(frozen=True)
class Tensor:
    """A value of the graph.

    Attributes:
        name: in the file.
        shape: of one sample, as the engine has it (channels last).
        first: laid out as (batch, channels, ...) instead, as convolutions want it.
    """

    name: str
    shape: tuple[int, ...]
    first: bool = False


class OnnxGraph:
    """Collects a graph; every name in it is used once.

    What is made inside a layer is called ``layer.what``; identifiers hold no dot, so nothing collides with inputs
    and outputs, which are called as their layers.
    """

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.inputs: list[ValueInfoProto] = []
        self.outputs: list[tuple[str, str, tuple[int, ...]]] = []
        self.arrays: dict[str, Array] = {}
        self.scope = ""
        self.owner = ""
        self._owned: dict[tuple[str, str, bytes], str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[float, str] = {}

    def add(self, operation: str, inputs: Iterable[str], **attributes: Any) -> str:
        """Append a node with one output; returns the output's name."""
        return self.add_several(operation, inputs, 1, **attributes)[0]

    def add_several(self, operation: str, inputs: Iterable[str], count: int, **attributes: Any) -> list[str]:
        """Append a node with several outputs; returns their names."""
        names = [self._fresh(f"{self.scope}.{operation.lower()}") for _ in range(count)]
        self.nodes.append(helper.make_node(operation, list(inputs), names, name=names[0], **attributes))
        return names

    def scan(
        self, starts: Sequence[str], x: str, step: Callable[..., Sequence[str]], sizes: Sequence[int]
    ) -> list[str]:
        """Append a Scan along the first axis; returns the last states and every first state, as it was told.

        Args:
            starts: states to begin with.
            x: what is read.
            step: adds the nodes of a step, given the states and what is read; returns the next states.
            sizes: of the states and of what a step reads.
        """
        given = [self._fresh(f"{self.scope}.before") for _ in starts] + [self._fresh(f"{self.scope}.read")]
        outside, self.nodes = self.nodes, []
        states = list(step(*given))
        states.append(self.add("Identity", [states[0]]))
        nodes, self.nodes = self.nodes, outside
        infos = [_info(name, (size,)) for name, size in zip(given, sizes, strict=True)]
        after = [_info(name, (size,)) for name, size in zip(states, [*sizes[:-1], sizes[0]], strict=True)]
        body = helper.make_graph(nodes, "step", infos, after)
        return self.add_several("Scan", [*starts, x], len(states), body=body, num_scan_inputs=1)

    def array(self, name: str, values: Array) -> str:
        """Add weights of the layer at hand; returns their name. Layers that share weights share what is stored."""
        array = np.ascontiguousarray(values)
        key = (self.owner, f"{array.dtype}{array.shape}", sha256(array.tobytes()).digest())
        if key not in self._owned:
            self._owned[key] = self._fresh(f"{self.scope}.{name}")
            self.arrays[self._owned[key]] = array
        return self._owned[key]

    def number(self, value: float) -> str:
        """A constant; equal ones are stored once."""
        if value not in self._numbers:
            name = self._numbers[value] = f".number_{len(self._numbers)}"
            self.arrays[name] = np.array(value, np.float32)
        return self._numbers[value]

    def whole(self, name: str, values: Sequence[int]) -> str:
        """Whole numbers, such as a shape or axes."""
        return self.array(name, np.array(values, np.int64))

    def input(self, name: str, shape: tuple[int, ...]) -> None:
        """Declare an input."""
        self.inputs.append(_info(name, shape))

    def output(self, value: str, name: str, shape: tuple[int, ...]) -> None:
        """Declare a value to be an output of that name."""
        self.outputs.append((value, name, shape))

    def _fresh(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}_{count}"
        self._taken.add(name)
        return name

    def model(self, title: str, name: str, notes: dict[str, str]) -> ModelProto:
        """The finished file.

        Args:
            title: for people.
            name: of the graph.
            notes: metadata by name.
        """
        weights = [numpy_helper.from_array(values, key) for key, values in self.arrays.items()]
        outputs = self._named_outputs()
        graph: GraphProto = helper.make_graph(self.nodes, name, self.inputs, outputs, weights)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="Layerloom",
            producer_version=__version__,
            doc_string=title,
        )
        helper.set_model_props(model, notes)
        return model

    def _named_outputs(self) -> list[ValueInfoProto]:
        """Call outputs as their layers; an input that is an output too gets a node of its own."""
        inputs = {info.name for info in self.inputs}
        names: dict[str, str] = {}
        found = []
        for value, wanted, shape in self.outputs:
            name = f"{wanted}.output" if wanted in inputs else wanted
            if value in inputs or value in names:
                self.nodes.append(helper.make_node("Identity", [value], [name], name=name))
            else:
                names[value] = name
            found.append(_info(name, shape))
        for node in self.nodes:
            for values in (node.input, node.output):
                values[:] = [names.get(value, value) for value in values]
        return found


def _info(name: str, shape: tuple[int, ...]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [BATCH, *shape])

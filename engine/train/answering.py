"""A plan for answers that is kept from one question to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.graph import Graph
from engine.infer import Inference
from engine.plan.crew import Crew
from engine.plan.parameters import Parameters
from engine.plan.plan import Feed, Plan
from engine.plan.program import Program

Array = npt.NDArray[Any]


class Answering:
    """Buffers and programs for batches of up to ``capacity`` rows.

    Making them costs more than answering one sample, so whoever asks again finds them ready. Rows are copied to
    a place of their own first: programs know their arrays, and the next question brings others.

    Args:
        graph, inference, parameters: the network and its weights, which may change between two questions.
        capacity: most rows at a time.
        outputs: ids of the nodes that answer.
        rows: arrays (samples, values) by Input node, as questions will bring them.
    """

    def __init__(
        self,
        graph: Graph,
        inference: Inference,
        parameters: Parameters,
        capacity: int,
        outputs: tuple[str, ...],
        rows: Mapping[str, Array],
    ) -> None:
        self.capacity, self.outputs = capacity, outputs
        self._plan = Plan(graph, inference, parameters, capacity, outputs=outputs)
        self._plan.index[:] = np.arange(capacity)
        self._rows = {key: np.zeros((capacity, *values.shape[1:]), values.dtype) for key, values in rows.items()}
        self._programs: dict[int, Program] = {}

    def serves(self, batch: int, most: int, outputs: tuple[str, ...], rows: Mapping[str, Array]) -> bool:
        """Whether this also answers batches of ``batch`` rows without holding more than ``most``."""
        kinds = {key: (values.shape[1:], values.dtype) for key, values in self._rows.items()}
        return (
            batch <= self.capacity <= most
            and outputs == self.outputs
            and kinds == {key: (values.shape[1:], values.dtype) for key, values in rows.items()}
        )

    def answer(self, crew: Crew, rows: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs for one batch; they are overwritten by the next one."""
        count = len(next(iter(rows.values())))
        for key, values in rows.items():
            self._rows[key][:count] = values
        if count not in self._programs:
            made = self._plan.predicting(count, Feed(self._rows, {}))
            made.bind()
            self._programs[count] = made
        self._plan.carried.reset()
        self._programs[count].run_compute(crew)
        return {key: self._plan.values[key][0][:count] for key in self.outputs}

"""What every layer declares and what it may use while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import Component
from engine.errors import UsageError
from engine.tensor_spec import Shape, TensorSpec, WeightSpec

Array = npt.NDArray[Any]
Kernel = Callable[..., None]


@dataclass(frozen=True)
class Port:
    """A place where wires end.

    Attributes:
        name: unique among the layer's inputs or outputs.
        many: takes any number of wires, in order (merging layers).
        optional: may stay without a wire.
        help: one line for the tooltip.
    """

    name: str
    many: bool = False
    help: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Example:
    """A small configuration on which the common tests run the layer.

    Attributes:
        parameters: arguments of the declaration.
        shapes: one input shape (without batch) per input tensor.
    """

    parameters: Mapping[str, Any]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Preset:
    """A configuration worth beginning with.

    Attributes:
        title: what the window calls it.
        parameters: arguments of the declaration.
    """

    title: str
    parameters: Mapping[str, Any]


class Lane(Protocol):
    """One shard's view of one layer: its arrays, and a place to write kernel calls to.

    A layer does not compute when ``forward`` is called; it *lists* kernel calls with their
    arrays. The plan compiles and repeats the list. All arrays hold the shard's rows only,
    except in ``gradient``, where they hold the whole batch.

    Attributes:
        training: act as in training; otherwise as when predicting.
        keeps: ``backward`` follows, so ``forward`` keeps what it needs. This also happens when
            predicting: whoever explains an answer asks for gradients, though never for those of weights.
        frozen: the layer's weights stay during training.
        carries: what is handed on to the next batch counts; not so where an answer is only explained.
        masks: for every input the mask that came with it, uint8 with 1 for what counts and 0 for what is
            padding, shaped like the input without its last axis; ``None`` where none came.
        mask_out: for every output the mask that leaves with it, or ``None``. A layer with ``makes_mask``
            fills it in ``forward``; for others it is the first input's, and nobody writes to it.
    """

    x: tuple[Array, ...]
    y: tuple[Array, ...]
    dx: tuple[Array | None, ...]
    dy: tuple[Array, ...]
    weights: Mapping[str, Array]
    gradients: Mapping[str, Array]
    specs: tuple[TensorSpec, ...]
    dtype: np.dtype[Any]
    rows: int
    first: int
    batch: int
    shard: int
    shards: int
    training: bool
    keeps: bool
    frozen: bool
    carries: bool
    clock: Array
    number: int
    paired: bool
    masks: tuple[Array | None, ...]
    mask_out: tuple[Array | None, ...]

    def call(self, kernel: Kernel, *args: Any) -> None:
        """List one kernel call."""

    def join(self) -> None:
        """Let every shard arrive here before any goes on."""

    def buffer(self, name: str, shape: Shape, dtype: Any = None) -> Array:
        """Rows that live from ``forward`` to ``backward`` of the same step."""

    def scratch(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """Working memory of this shard, free again after the layer."""

    def shared(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Array:
        """An array that all shards of this layer see."""

    def carried(self, name: str, shape: Shape) -> Array:
        """Rows that live from batch to batch, zeros at first; for layers that are ``stateful``."""

    def partial(self, weight: str) -> Array:
        """This shard's own gradient of a weight; the plan adds the shards in order."""

    def activate(self, activation: Component, x: Array, y: Array) -> None:
        """List ``y = activation(x)``; ``y`` may be ``x``."""

    def activate_backward(self, activation: Component, x: Array, y: Array, dy: Array, dx: Array) -> None:
        """List ``dx = dy * activation'(x)``; ``dx`` may be ``dy``."""

    def copy(self, source: Array, target: Array) -> None:
        """List ``target = source`` for arrays of one shape."""

    def keeps_input(self, activation: Component) -> bool:
        """Whether the activation's derivative needs its input (else its output is enough)."""

    def number_of(self, value: float) -> Any:
        """A scalar in the lane's element type, so that kernels do not widen."""

    def blocks(self, weight: str, rows_per_block: int) -> Iterator[slice]:
        """In ``gradient``: leading-axis blocks of a weight, each an independent task."""

    def task(self) -> None:
        """In ``gradient``: what follows may run beside what came before."""


class Layer(Component):
    """Base of the layers: parameters only, never arrays.

    Class attributes:
        inputs, outputs: the ports.
        view: the output is the input's memory in another shape; nothing is computed.
        examples: configurations for the common tests.
        presets: configurations that the window offers to begin with.
        shard_rows: fewest rows for which a shard still works efficiently.
        acts_in_training_only: ``True`` for layers that pass data through when predicting.
        supports_masking: a mask of the first input goes on with the outputs, as it is. Elsewhere it ends.
        makes_mask: ``forward`` writes the outputs' masks to ``lane.mask_out``.
        reads_mask: what it computes depends on the masks that arrive.
        learns_by_mask: likewise, but while training only.
        pairs: its parameter ``activation`` makes the output of sums, so a loss may be computed from these sums.
        call_arguments: parameters that Keras takes when the layer is called.
    """

    kind: ClassVar[str] = "layer"
    inputs: ClassVar[tuple[Port, ...]] = (Port("x"),)
    outputs: ClassVar[tuple[Port, ...]] = (Port("y"),)
    view: ClassVar[bool] = False
    examples: ClassVar[tuple[Example, ...]] = ()
    presets: ClassVar[tuple[Preset, ...]] = ()
    shard_rows: ClassVar[int] = 16
    supports_masking: ClassVar[bool] = False
    makes_mask: ClassVar[bool] = False
    reads_mask: ClassVar[bool] = False
    learns_by_mask: ClassVar[bool] = False
    pairs: ClassVar[bool] = True
    call_arguments: ClassVar[tuple[str, ...]] = ()

    @property
    def badge(self) -> str:
        """The one thing worth reading on the node, such as ``500 · relu``."""
        return ""

    @property
    def activity_penalty(self) -> Component | None:
        """The regularizer of what the layer puts out: its parameter ``activity_regularizer``, where it has one."""
        return getattr(self, "activity_regularizer", None)

    @property
    def carries(self) -> bool:
        """Whether each row of a batch hands a state on to the same row of the next: all batches need as many rows."""
        return False

    @property
    def index_range(self) -> int | None:
        """The inputs are whole numbers from 0 to below this, or ``None`` where any number will do.

        Data that go in as they are get checked by it before anything is computed.
        """
        return None

    def infer(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, ...]:
        """Output specs for these inputs.

        Raises:
            ShapeError: with a sentence and, where there is one, a remedy.
        """
        return inputs

    def masked(self, inputs: tuple[TensorSpec, ...]) -> tuple[bool, ...]:
        """Which outputs carry a mask, given which inputs do (``TensorSpec.masked``).

        The rule of a layer's own belongs here: one that makes masks, one that ends them at some outputs.
        A last entry counts for all further outputs. What ``infer`` says of masks is not heeded.
        """
        return (self.supports_masking and bool(inputs) and inputs[0].masked,)

    def weights(self, inputs: tuple[TensorSpec, ...]) -> tuple[WeightSpec, ...]:
        """The arrays this layer owns for these inputs."""
        return ()

    def cost(self, inputs: tuple[TensorSpec, ...]) -> float:
        """Floating-point operations of one sample's forward pass."""
        return float(sum(spec.size for spec in self.infer(inputs)))

    def pace(self, inputs: tuple[TensorSpec, ...]) -> str:
        """What decides how long one of these operations takes.

        ``products`` of matrices; ``sweeps`` of a kernel over positions; ``winograd``, the same by fewer
        multiplications; ``steps``, of which each needs the one before; ``numbers``, each for itself.
        """
        return "numbers"

    def waste(self, inputs: tuple[TensorSpec, ...]) -> float:
        """How many operations are really done for each one that ``cost`` counts, 1 or more.

        More than 1 where results come in tiles that stand out over the border.
        """
        return 1.0

    def remembered(self, inputs: tuple[TensorSpec, ...]) -> int:
        """Numbers of one sample that training keeps from forward to backward, besides what the layer puts out."""
        return 0

    def forward(self, lane: Lane) -> None:
        """List the calls that fill ``lane.y`` from ``lane.x``."""

    def backward(self, lane: Lane) -> None:
        """List the calls that fill ``lane.dx`` (where not None) and, in training, partial weight gradients.

        ``lane.dy`` may be overwritten. What ``forward`` did as in training or as when predicting is
        differentiated so; ``lane.training`` is the same in both.
        """

    def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
        """Write this layer's predicting form with an emitter.

        Args:
            out: the program that is being written.
            x: what enters, one value per input tensor.

        Raises:
            UsageError: the layer cannot be written in other languages.
        """
        raise UsageError(f"{self.key} cannot be exported: it has no counterpart outside Layerloom.")

    def gradient(self, lane: Lane) -> None:
        """List weight gradients that are computed over the whole batch, in independent tasks.

        What changes weights in other ways (moving statistics) belongs here too: these calls run
        only after the batch's loss was found to be finite.
        """


def axis_text(inputs: tuple[TensorSpec, ...]) -> str:
    """The incoming shapes for a sentence."""
    return " and ".join(str(spec) for spec in inputs) or "nothing"

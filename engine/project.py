"""The thing that is edited, saved and undone: network, data, and how to train."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from engine.catalogue.callbacks.base import Callback
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.catalogue.sources.base import Source
from engine.component import Component, Slot, Slots, component, setting
from engine.constraints import Choice, Flag, Number, Whole
from engine.graph import Graph
from engine.sketch import Sketch

#: Seeds fill a signed 64-bit number, as in the kernels, in files and in the Python API.
SEED = Whole(0, 2**63 - 1)


@component
class TrainConfig(Component):
    """How to train: passes, batch size, optimizer, loss, metrics, seed."""

    kind: ClassVar[str] = "training"

    epochs: Annotated[int, Whole(1, 1_000_000)] = setting(10, "How often training goes through all samples.")
    batch_size: Annotated[int, Whole(1, 1_000_000)] = setting(
        100, "Samples per update. Small batches update often but unsteadily; large ones rarely but smoothly."
    )
    optimizer: Annotated[Optimizer, Slot("optimizer")] = setting("Adam", "The rule that changes the weights.")
    loss: Annotated[Loss, Slot("loss")] = setting(
        "sparse_categorical_crossentropy", "What training makes small: the distance from the right answers."
    )
    metrics: Annotated[tuple[Metric, ...], Slots("metric")] = setting(
        ("accuracy",), "Figures that are watched but not trained on."
    )
    callbacks: Annotated[tuple[Callback, ...], Slots("callback")] = setting(
        (), "What happens beside the updates: stop early, shorten the steps, write checkpoints and tables."
    )
    seed: Annotated[int, SEED] = setting(
        0, "Start of every random choice: the same seed gives the same result, bit for bit."
    )
    shuffle: Annotated[bool, Flag()] = setting(True, "Visit the samples in a new order every epoch.", advanced=True)
    dtype: Annotated[
        str,
        Choice(
            (
                ("float32", "Single precision: fast, exact enough for training."),
                ("float64", "Double precision: slower, for checking gradients."),
            )
        ),
    ] = setting("float32", "Precision of the numbers.", advanced=True)
    weighted_metrics: Annotated[tuple[Metric, ...], Slots("metric")] = setting(
        (),
        "Figures that heed the weights of samples and classes, which Python code can give. "
        "Without such weights they equal the plain ones.",
        advanced=True,
    )


@component
class Split(Component):
    """Which samples train and which only judge."""

    kind: ClassVar[str] = "split"

    validation: Annotated[float, Number(0.0, 0.9)] = setting(
        0.2, "Share of the samples held back to judge by, when the data bring no test set of their own."
    )
    own_test_set: Annotated[bool, Flag()] = setting(True, "Judge on the data's own test set, if there is one.")
    stratified: Annotated[bool, Flag()] = setting(True, "Keep the classes in proportion in both parts.", advanced=True)
    seed: Annotated[int, SEED] = setting(0, "Start of the random choice of samples.", advanced=True)


@dataclass(frozen=True)
class OutputTarget:
    """What judges one output.

    Attributes:
        node: id of the output node.
        field: name of the target field; empty means by order.
        loss: a loss of its own, or ``None`` for the common one.
        weight: its share in the total loss.
        metrics, weighted_metrics: figures of its own, or ``None`` for those of the common ones that suit it.
    """

    node: str
    field: str = ""
    loss: Loss | None = None
    weight: float = 1.0
    metrics: tuple[Metric, ...] | None = None
    weighted_metrics: tuple[Metric, ...] | None = None


@dataclass(frozen=True)
class Project:
    """Everything a user edits, as one immutable value.

    Attributes:
        graph: the network.
        training: how to train.
        source: where the data come from, or ``None`` yet.
        split: which samples are held back.
        inputs: field name by Input node id, where not by order.
        targets: what judges each output, where not the common loss by order.
        sketch: notes, bookmarks and folded groups on the canvas, which nothing computes with.
    """

    graph: Graph = field(default_factory=Graph)
    training: TrainConfig = field(default_factory=TrainConfig)
    source: Source | None = None
    split: Split = field(default_factory=Split)
    inputs: tuple[tuple[str, str], ...] = ()
    targets: tuple[OutputTarget, ...] = ()
    sketch: Sketch = field(default_factory=Sketch)

    def with_graph(self, graph: Graph) -> Project:
        """With another network."""
        return replace(self, graph=graph)

    def with_training(self, training: TrainConfig) -> Project:
        """With other training settings."""
        return replace(self, training=training)

    def with_source(self, source: Source | None) -> Project:
        """With other data."""
        return replace(self, source=source)

    def with_split(self, split: Split) -> Project:
        """With another split."""
        return replace(self, split=split)

    def with_sketch(self, sketch: Sketch) -> Project:
        """With other notes, bookmarks or folded groups."""
        return replace(self, sketch=sketch)

    def target_of(self, node: str) -> OutputTarget:
        """What judges an output."""
        return next((t for t in self.targets if t.node == node), OutputTarget(node))

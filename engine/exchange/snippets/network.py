"""What pasted code builds: uses of layers on tensors, gathered in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.exchange.importing.outline import DEEPEST
from engine.exchange.snippets.limits import LAYERS, Budget, SnippetError
from engine.exchange.snippets.values import Layered, LayerValue, Network, Object, Stack, Tensor, Unknown, Use


@dataclass
class Story:
    """What is known while code is read.

    Attributes:
        torch: whether the code is PyTorch's; else it is Keras's.
        budget: what may still be done.
        uses: all uses of layers so far.
        models: all models so far, in order.
        inner: those that are parts of others.
        chosen: the model that is compiled or trained.
        objects: instances of the code's own model classes.
        loose: layers that stand on lines of their own.
        training: what ``compile``, ``fit`` and their like say.
        notes: sentences for the user.
        through: follows tensors through such an instance.
        doubt: the first call on a line of its own that nothing was known of.
    """

    torch: bool = False
    budget: Budget = field(default_factory=Budget)
    uses: list[Use] = field(default_factory=list)
    models: list[Stack | Network] = field(default_factory=list)
    inner: set[int] = field(default_factory=set)
    chosen: Stack | Network | Object | None = None
    objects: list[Object] = field(default_factory=list)
    loose: list[LayerValue | Stack] = field(default_factory=list)
    training: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    doubt: Unknown | None = None
    through: Callable[[Object, Sequence[Any], int], Any] | None = None
    _made: dict[int, tuple[Stack, int, Network]] = field(default_factory=dict)

    def note(self, line: int, text: str) -> None:
        """Remember a sentence."""
        sentence = f"Line {line}: {text}" if line else text
        if sentence not in self.notes:
            self.notes.append(sentence)

    def reached(self, ends: Sequence[Tensor]) -> list[Use]:
        """The uses that some tensors come from, in order."""
        return reached(self.uses, ends)

    # -- uses ------------------------------------------------------------------------------------

    def use(self, layer: LayerValue, sources: Sequence[Tensor], line: int, around: str = "", **words: Any) -> Tensor:
        """Note one use of a layer.

        Raises:
            SnippetError: the network gets too large.
        """
        if len(self.uses) >= LAYERS:
            raise SnippetError(line, f"the network has more than {LAYERS:,} layers; paste a part of it.")
        self.budget.spend(line)
        self.uses.append(Use(layer, tuple(sources), line, around, words))
        return Tensor(self.uses[-1])

    def entry(self, shape: list[int | None] | None, line: int, name: str = "") -> Tensor:
        """Where data of a shape enter; from nowhere when the code leaves sizes open."""
        if shape is None:
            return Tensor(None)
        if None in shape:
            sizes = " × ".join("?" if size is None else str(size) for size in shape)
            self.note(
                line, f"the shape {sizes} leaves sizes open; put an Input of a fixed shape before the first layer."
            )
            return Tensor(None)
        return self.use(LayerValue("InputLayer", {"batch_shape": [None, *shape]}, line, name), (), line)

    def applied(
        self, part: Layered, fed: Sequence[Tensor], line: int, around: str = "", depth: int = 0, **words: Any
    ) -> list[Tensor]:
        """Use a layer or a model on tensors; returns what it gives.

        Raises:
            SnippetError: models lie too deep in each other, or the network gets too large.
        """
        if depth > DEEPEST:
            raise SnippetError(line, f"models lie more than {DEEPEST} deep in each other.")
        self.budget.spend(line, 1 + (len(part.items) if isinstance(part, Stack) else 0))
        if isinstance(part, LayerValue):
            return [self.use(part, fed, line, around, **words)]
        if not getattr(part, "loose", False):
            self.inner.add(id(part))
        if isinstance(part, Object):
            assert self.through is not None
            return listed_ends(self.through(part, fed, line), line)
        inside = f"{around}{part.name}/" if part.name else around
        if isinstance(part, Network):
            return self._replayed(part, fed, line, inside)
        flow = list(fed)
        for item in part.items:
            if not _is_input(item):
                flow = self.applied(item, flow, line, inside, depth + 1)
        return flow

    def _replayed(self, network: Network, fed: Sequence[Tensor], line: int, inside: str) -> list[Tensor]:
        if len(fed) != len(network.inputs):
            raise SnippetError(
                line, f"the model '{network.name or 'Model'}' takes {len(network.inputs)} inputs and gets {len(fed)}."
            )
        self.budget.spend(line, len(self.uses) // 10)  # they are gone through, which is quicker than to evaluate them
        found = {id(tensor.use): source for tensor, source in zip(network.inputs, fed, strict=True)}

        def seen(tensor: Tensor) -> Tensor:
            known = found.get(id(tensor.use)) if tensor.use is not None else tensor
            if known is None:
                raise SnippetError(line, "the model uses a tensor that does not come from its inputs.")
            return known if tensor.port == 0 or known.use is None else Tensor(known.use, tensor.port, False)

        for use in reached(self.uses, network.outputs, {id(t.use) for t in network.inputs}):
            sources = [seen(source) for source in use.sources]
            if id(use) not in found:
                found[id(use)] = self.use(use.layer, sources, line, inside + use.around, **use.words)
        return [seen(tensor) for tensor in network.outputs]

    def made(self, model: Stack | Network, line: int) -> Network:
        """A model with the tensors at its ends.

        Raises:
            SnippetError: it holds nothing.
        """
        if isinstance(model, Network):
            return model
        known = self._made.get(id(model))
        if known is not None and known[1] == len(model.items):
            return known[2]
        if not any(not _is_input(item) for item in model.items):
            raise SnippetError(line, f"the model '{model.name or 'Sequential'}' has no layers yet.")
        start = self.entry(stated_shape(model), model.line, _input_name(model))
        flow = [start]
        for item in model.items:
            if not _is_input(item):
                flow = self.applied(item, flow, model.line, "", 1)
        found = Network([start], flow, model.line, model.name)
        self._made[id(model)] = model, len(model.items), found
        return found


def listed_ends(value: Any, line: int) -> list[Tensor]:
    """What a way through a model of the code's own gives.

    Raises:
        SnippetError: it is not made of tensors.
    """
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    ends = [item for item in value if isinstance(item, Tensor)] if isinstance(value, (list, tuple)) else []
    if not ends:
        why = f": {value.why}" if isinstance(value, Unknown) else ""
        raise SnippetError(line, f"what the model gives cannot be told without running the code{why}.")
    return ends


def reached(uses: Sequence[Use], ends: Sequence[Tensor], stop: set[int] | frozenset[int] = frozenset()) -> list[Use]:
    """The uses that some tensors come from, in order, without going beyond ``stop``."""
    wanted = {id(tensor.use) for tensor in ends if tensor.use is not None}
    found: list[Use] = []
    for use in reversed(uses):
        if id(use) in wanted and id(use) not in stop:
            found.append(use)
            wanted.update(id(source.use) for source in use.sources if source.use is not None)
    return found[::-1]


def stated_shape(part: Any, depth: int = DEEPEST) -> list[int | None] | None:
    """The shape that a model, or its first layer, says enters it."""
    if isinstance(part, Stack) and depth:
        if part.shape is not None or not part.items:
            return part.shape
        return stated_shape(part.items[0], depth - 1)
    if isinstance(part, Network):
        use = part.inputs[0].use if len(part.inputs) == 1 else None
        return list(use.layer.settings["batch_shape"][1:]) if use and use.layer.kind == "InputLayer" else None
    return part.shape if isinstance(part, LayerValue) else None


def layers_in(part: Any, known: dict[int, int], depth: int = DEEPEST) -> int:
    """How many layers a model has, with those of the models in it as often as these stand there.

    Args:
        part: a model or a layer.
        known: what was counted before, by the id of the model; each is gone through once.
        depth: how deep models may lie in each other.
    """
    if isinstance(part, Stack) and depth:
        if id(part) not in known:
            known[id(part)] = 0  # for a model that holds itself
            known[id(part)] = sum(layers_in(item, known, depth - 1) for item in part.items)
        return known[id(part)]
    if isinstance(part, Network):
        return len(part.outputs) + 1
    return int(isinstance(part, (LayerValue, Object)))


def _is_input(item: Any) -> bool:
    return isinstance(item, LayerValue) and item.kind == "InputLayer"


def _input_name(model: Stack) -> str:
    first = model.items[0]
    return first.name if _is_input(first) else ""

"""From the uses of layers that pasted code tells to the outline that all importers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.exchange.importing import spelling
from engine.exchange.importing.orientation import IMAGE
from engine.exchange.importing.outline import Collector, Entry, Outline, Source, shown, snake
from engine.exchange.snippets.network import Story, reached
from engine.exchange.snippets.values import LayerValue, Tensor, Use

#: Layers that apply an activation themselves.
FOLDING = frozenset({"Dense", *(f"Conv{n}D{end}" for n in (1, 2, 3) for end in ("", "Transpose"))})
_MAJOR = 3
#: Pictures that have so many channels are usual; more than so many pixels along an axis are not channels.
_CHANNELS, _PIXELS = (1, 3, 4), 8


@dataclass(frozen=True)
class Built:
    """An outline, and what hangs together with it.

    Attributes:
        outline: calls of layers.
        unnamed: names of layers that the code gave none.
        expects: how many numbers (or channels) a layer says enter it, with its line, by name.
        open: whether something enters from nowhere.
    """

    outline: Outline
    unnamed: frozenset[str]
    expects: Mapping[str, tuple[int, int]]
    open: bool


def built(story: Story, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Built:
    """The outline of a network between tensors."""
    uses = reached(story.uses, [*outputs, *inputs])
    moved: dict[int, Tensor] = {}
    if story.torch:
        uses = _folded(uses, {id(tensor.use) for tensor in outputs}, moved)
    uses = _with_entries(uses)
    if not story.torch:
        _suspect_channels(story, uses)
    collector, names = Collector(_MAJOR), _Names()
    found: dict[int, Source] = {}

    def source(tensor: Tensor) -> Source | None:
        tensor = moved.get(id(tensor.use), tensor)
        known = found.get(id(tensor.use))
        return None if known is None else Source(known.call, tensor.port)

    for use in uses:
        sources = tuple(known for known in map(source, use.sources) if known is not None)
        found[id(use)] = collector.call(collector.told(names.entry(use), "", "", ("", "", 0)), sources)
    ends = tuple(known for known in map(source, outputs) if known is not None)
    outline = Outline(collector.calls, tuple(collector.inputs), ends, collector.shared)
    expects = {names.of(use): (use.layer.expects, use.layer.line) for use in uses if use.layer.expects}
    entering = (tensor for use in uses for tensor in use.sources)
    return Built(outline, frozenset(names.made), expects, any(tensor.use is None for tensor in entering))


def _with_entries(uses: Sequence[Use]) -> list[Use]:
    """With an Input wherever something enters from nowhere and the layer that reads it says its shape."""
    found: list[Use] = []
    made: dict[int, Use] = {}
    for use in uses:
        shape = use.layer.shape
        for tensor in use.sources:
            if tensor.use is None and shape is not None and None not in shape and id(tensor) not in made:
                made[id(tensor)] = Use(
                    LayerValue("InputLayer", {"batch_shape": [None, *shape]}, use.line), (), use.line
                )
                found.append(made[id(tensor)])
        use.sources = tuple(Tensor(made[id(t)]) if id(t) in made else t for t in use.sources)
        found.append(use)
    return found


def _folded(uses: Sequence[Use], ends: set[int], moved: dict[int, Tensor]) -> list[Use]:
    """With activations that follow a Dense or a convolution as that layer's own, which reads best."""
    readers: dict[int, int] = {}
    used: dict[int, int] = {}
    for use in uses:
        used[id(use.layer)] = used.get(id(use.layer), 0) + 1
        for tensor in use.sources:
            readers[id(tensor.use)] = readers.get(id(tensor.use), 0) + 1
    found = []
    for use in uses:
        before = use.sources[0].use if len(use.sources) == 1 else None
        alone = before is not None and readers[id(before)] == 1 and id(before) not in ends
        if (
            use.layer.kind == "Activation"
            and before is not None
            and alone
            and before.layer.kind in FOLDING
            and used[id(before.layer)] == 1
            and "activation" not in before.layer.settings
        ):
            before.layer.settings["activation"] = use.layer.settings["activation"]
            moved[id(use)] = Tensor(before)
        else:
            found.append(use)
    return found


class _Names:
    """Names of layers: their own, or one made of their class."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self._names: dict[int, str] = {}
        self._taken: dict[str, int] = {}

    def of(self, use: Use) -> str:
        """The name of a use's layer; the same one at every use."""
        layer = use.layer
        if id(layer) not in self._names:
            own = layer.name or snake(spelling.layer_name(layer.kind)) or "layer"
            name = shown(use.around + own)
            number = self._taken.get(name, 0)
            self._taken[name] = number + 1
            name = f"{name}_{number}" if number else name
            if not layer.name and not use.around:
                self.made.add(name)
            self._names[id(layer)] = name
        return self._names[id(layer)]

    def entry(self, use: Use) -> Entry:
        """A use as a file would tell it."""
        layer, name = use.layer, self.of(use)
        raw: dict[str, Any] = {"class_name": layer.kind, "config": dict(layer.settings)}
        if use.words:
            raw["inbound_nodes"] = [{"args": [], "kwargs": dict(use.words)}]
        return Entry(name, layer.kind, dict(layer.settings), raw, None)


def _suspect_channels(story: Story, uses: Sequence[Use]) -> None:
    """Ask about pictures that look as if their channels came first although nothing says so."""
    for use in uses:
        before = use.sources[0].use if len(use.sources) == 1 else None
        if before is None or before.layer.kind != "InputLayer" or use.layer.kind not in IMAGE:
            continue
        shape = before.layer.settings["batch_shape"][1:]
        said = {"data_format", "dim_ordering"} & set(use.layer.settings)
        if len(shape) == 3 and not said and shape[0] in _CHANNELS and min(shape[1:]) > _PIXELS:
            turned = ", ".join(str(size) for size in (*shape[1:], shape[0]))
            story.note(
                before.line,
                f"the shape {' × '.join(map(str, shape))} is read as height × width × channels. If the channels come "
                f"first in it, set the Input to ({turned}), or write data_format='channels_first'.",
            )

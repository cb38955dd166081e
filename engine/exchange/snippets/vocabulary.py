"""Words of Keras in pasted code: which layer or component a name means, and the order of its arguments."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from engine.component import Component, parameters, registry
from engine.exchange.importing import spelling
from engine.exchange.snippets.values import Path
from engine.registry import layers

#: The registry that a module's names belong to.
MODULES: Mapping[str, str] = {
    "layers": "layer", "optimizers": "optimizer", "regularizers": "regularizer", "initializers": "initializer",
    "initializations": "initializer", "constraints": "constraint", "losses": "loss", "objectives": "loss",
    "metrics": "metric", "activations": "activation", "callbacks": "callback", "schedules": "schedule",
    "advanced_activations": "layer", "nn": "activation",
}  # fmt: skip
#: The registries in the order in which a name without a module is looked up.
KINDS = ("layer", "optimizer", "regularizer", "initializer", "constraint", "schedule", "loss", "metric", "callback",
         "activation")  # fmt: skip
#: Functions that join tensors, and the layers that do so.
MERGING: Mapping[str, str] = {
    "add": "Add", "concatenate": "Concatenate", "concat": "Concatenate", "multiply": "Multiply",
    "subtract": "Subtract", "average": "Average", "maximum": "Maximum", "minimum": "Minimum", "dot": "Dot",
}  # fmt: skip
#: What the older function ``merge`` calls its ways, where they differ from those of the Merge layer.
SEQUENTIAL, MODELS, INPUTS = "Sequential", ("Model", "Functional"), ("Input", "InputLayer")
#: Layers that files of Keras have although no class here is called so.
SPECIAL = ("Lambda", "Merge")


def layer_kind(word: str) -> str:
    """Today's class name of a layer, or nothing where no layer is called so."""
    kind = spelling.layer_name(word)
    if kind in SPECIAL or (kind in layers and not getattr(layers.get(kind), "hidden", False)):
        return kind
    return ""


def component_kind(path: Path) -> str:
    """The registry in which a dotted name stands, or nothing."""
    for module in reversed(path.parts[:-1]):
        kind = MODULES.get(module)
        if kind is not None:
            return kind if _is_in(kind, path.word) else ""
    return next((kind for kind in KINDS if _is_in(kind, path.word)), "")


def _is_in(kind: str, word: str) -> bool:
    return bool(layer_kind(word)) if kind == "layer" else word in registry(kind)


def order(kind: str, word: str) -> tuple[str, ...]:
    """The names of a component's arguments in their order."""
    older = spelling.POSITIONS.get(word)
    if older is not None:
        return older
    if kind == "layer" and word in ("Lambda", "Merge"):
        return ("function", "output_shape") if word == "Lambda" else ("layers", "mode", "concat_axis", "dot_axes")
    name = spelling.layer_name(word) if kind == "layer" else word
    cls: type[Component] = registry(kind).get(name)
    names = [p.name for p in parameters(cls)]
    if kind == "layer" and "padding" in names:  # where Keras has one more that is left out here
        names.insert(names.index("padding") + 1, "data_format")
    return tuple(names)


def near(word: str, more: Iterable[str] = ()) -> str:
    """A question in brackets with the known words most like one, or nothing."""
    known = [cls.key for cls in layers if not getattr(cls, "hidden", False)]
    known += [SEQUENTIAL, *MODELS, *spelling.LAYERS, *more]
    by_small = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower()[:60], by_small, 2, 0.75)
    return f" (did you mean {' or '.join(by_small[name] for name in found)}?)" if found else ""

"""What to say of a network that came as code."""

from __future__ import annotations

from collections.abc import Iterator

from engine.catalogue.layers.base import Layer
from engine.exchange.importing.assembly import Assembled
from engine.exchange.importing.orientation import IMAGE
from engine.exchange.importing.outline import shown
from engine.exchange.snippets.building import Built
from engine.exchange.snippets.network import Story
from engine.infer import infer

_FIRST = "The file puts the channels of pictures first"
_SOFT = ("softmax", "log_softmax", "sigmoid")


def remarks(story: Story, made: Assembled, found: Built) -> Iterator[str]:
    """Sentences, those of the importers among them."""
    for sentence in (*made.notes, *made.lost):
        if sentence.startswith(_FIRST):
            yield (
                "The code puts the channels of pictures first; here they come last. Give pictures as "
                "height × width × channels."
            )
        else:
            yield sentence
    if story.torch:
        yield from _of_torch(story, made, found)


def _of_torch(story: Story, made: Assembled, found: Built) -> Iterator[str]:
    kinds = {told.kind for told in made.told.values()}
    if kinds & IMAGE:
        yield "Pictures are height × width × channels here; PyTorch puts the channels first."
    yield "Weights start as Keras starts them, which differs from PyTorch; every layer's settings say how."
    loss = story.training.get("loss")
    logits = isinstance(loss, dict) and bool(loss.get("config", {}).get("from_logits"))
    for key in made.outputs:
        layer = made.graph.nodes[key].layer
        if not logits and _answers(layer) not in _SOFT:
            yield (
                f"'{made.graph.nodes[key].name}' answers without softmax, as nn.CrossEntropyLoss wants it. For "
                "classes, give it the activation softmax, or set from_logits of the loss under Training."
            )
    yield from _mismatches(made, found)


def _answers(layer: Layer) -> str:
    return getattr(getattr(layer, "activation", None), "key", "")


def _mismatches(made: Assembled, found: Built) -> Iterator[str]:
    """Where another number arrives than the code says; layers here take whatever arrives."""
    inference = infer(made.graph)
    for key, told in made.told.items():
        if told.name in found.expects and inference.inputs.get(key):
            expected, line = found.expects[told.name]
            arriving = inference.inputs[key][0].sizes
            if arriving and expected != arriving[-1]:
                yield (
                    f"Line {line}: the code says that {expected:,} values enter '{shown(made.graph.nodes[key].name)}', "
                    f"but {arriving[-1]:,} do."
                )

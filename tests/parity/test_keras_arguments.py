"""What Keras's classes take, beside ours of the same name: names, order, defaults."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import registry
from engine.component import Component, parameters
from tests.parity.golden import golden

GOLDEN = {key: json.loads(str(told)) for key, told in golden("make_golden_arguments.py", "arguments.npz").items()}
NEEDED = "(needed)"
#: What every layer, loss, metric or optimizer of Keras takes: layers' handles take it here, `unread` tells the rest.
HANDLES = {"name", "dtype", "trainable"}
#: Arguments that we have not, by kind, and why.
LEFT_OUT: dict[str, dict[str, str]] = {
    "layer": {
        "data_format": "tensors hold their channels last; what enters may have them first",
        "renorm": "batch renormalization is not made", "renorm_clipping": "goes with renorm",
        "renorm_momentum": "goes with renorm", "synchronized": "asks for several machines",
        "weights": "the handles in Python take it", "lora_rank": "adapters are not made", "lora_alpha": "likewise",
        "quantization_config": "whole-number weights are not made", "use_cudnn": "asks for a graphics card",
        "flash_attention": "asks for a graphics card", "fill_mode": "of padded pictures: Resizing fills with a number",
    },
    "loss": {"axis": "always the last", "reduction": "always the mean over what counts"},
    "metric": {
        "axis": "always the last", "thresholds": "those of num_thresholds are taken", "num_labels": "follows the data",
        "label_weights": "all labels count alike", "from_sorted_ids": "predictions are scores",
    },
    "optimizer": {"loss_scale_factor": "for half precision", "gradient_accumulation_steps": "not made"},
    "initializer": {
        "input_axes": "follow the layer",
        "output_axes": "follow the layer",
    },
    "callback": {
        "histogram_freq": "TensorBoard gets figures only", "write_graph": "likewise", "write_images": "likewise",
        "write_steps_per_second": "likewise", "profile_batch": "likewise", "embeddings_freq": "likewise",
        "embeddings_metadata": "likewise",
    },
}  # fmt: skip
#: Arguments that one class has not, although others of its kind have.
LEFT_OUT_OF = {("MultiHeadAttention", "activity_regularizer"): "there it looks at every projection"}
#: Arguments that we have and Keras takes elsewhere.
ADDED = {
    "use_causal_mask": "given with the call", "return_attention_scores": "given with the call",
    "zero_output_for_mask": "one of the words of Keras's base class RNN", "seed": "of AdditiveAttention's base class",
}  # fmt: skip


def compared() -> list[tuple[str, type[Component], str]]:
    """Kind, class, and the name of Keras's class, of all that stand in both."""
    found = []
    for kind in (
        "layer",
        "loss",
        "metric",
        "optimizer",
        "initializer",
        "regularizer",
        "constraint",
        "callback",
        "schedule",
    ):
        for cls in registry.registry(kind):
            words = [word.rpartition(".")[2] for word in cls.counterparts or () if word.startswith("keras.")]
            name = next((n for n in (*words, cls.__name__, cls.key) if f"{kind}/{n}" in GOLDEN), None)
            if name is not None:
                found.append((kind, cls, name))
    return found


PAIRS = compared()


@pytest.mark.parametrize(("kind", "cls", "name"), PAIRS, ids=[f"{kind}-{name}" for kind, _, name in PAIRS])
def test_arguments_are_those_of_keras(kind: str, cls: type[Component], name: str) -> None:
    theirs: dict[str, Any] = GOLDEN[f"{kind}/{name}"]
    ours = {parameter.name: parameter for parameter in parameters(cls)}
    without = HANDLES | set(LEFT_OUT.get(kind, ())) | {word for key, word in LEFT_OUT_OF if key == cls.key}

    assert [n for n in theirs if n in ours or n not in without] == [n for n in ours if n in theirs or n not in ADDED]
    for word, default in theirs.items():
        if word in ours and default != NEEDED and word != "name":  # ours is None, which means the same name
            parameter = ours[word]
            assert parameter.has_default, f"Keras has a default for {word}"
            wanted = default if default is None else parameter.constraint.validate(default)
            assert parameter.default == wanted or (default is None and parameter.default == NEUTRAL.get(word))


#: What stands here for ``None``.
NEUTRAL = {"activation": registry.activations.get("linear")()}


def test_most_of_the_catalogue_is_compared() -> None:
    assert len(PAIRS) > 150
    assert all(
        any(word in GOLDEN[f"{k}/{n}"] for k, _, n in PAIRS if k == kind)
        for kind, words in LEFT_OUT.items()
        for word in words
    )

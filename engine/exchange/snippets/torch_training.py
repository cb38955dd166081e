"""Losses and optimizers of PyTorch in the words of Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.exchange.snippets.plain import bound, plain

#: Losses, as a Keras file would tell them.
LOSSES: Mapping[str, Any] = {
    "CrossEntropyLoss": {"class_name": "sparse_categorical_crossentropy", "config": {"from_logits": True}},
    "BCEWithLogitsLoss": {"class_name": "binary_crossentropy", "config": {"from_logits": True}},
    "BCELoss": "binary_crossentropy",
    "MSELoss": "mean_squared_error",
    "L1Loss": "mean_absolute_error",
    "SmoothL1Loss": "huber",
    "HuberLoss": "huber",
    "KLDivLoss": "kl_divergence",
}
#: What the arguments of optimizers are called here.
_WORDS: Mapping[str, str] = {"lr": "learning_rate", "eps": "epsilon", "alpha": "rho"}
_ADAM = ("params", "lr", "betas", "eps", "weight_decay", "amsgrad")
#: Optimizers with their arguments in order.
OPTIMIZERS: Mapping[str, tuple[str, ...]] = {
    "SGD": ("params", "lr", "momentum", "dampening", "weight_decay", "nesterov"),
    "Adam": _ADAM,
    "AdamW": _ADAM,
    "NAdam": _ADAM[:5],
    "Adamax": _ADAM[:5],
    "RMSprop": ("params", "lr", "alpha", "eps", "weight_decay", "momentum", "centered"),
    "Adagrad": ("params", "lr"),
    "Adadelta": ("params", "lr", "rho", "eps"),
}
#: What PyTorch does without being told, where Keras does otherwise.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "SGD": {"lr": 0.001}, "Adam": {"eps": 1e-8}, "AdamW": {"eps": 1e-8, "weight_decay": 0.01},
    "RMSprop": {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}, "Adagrad": {"lr": 0.01}, "NAdam": {"lr": 0.002},
    "Adamax": {"lr": 0.002}, "Adadelta": {"lr": 1.0},
}  # fmt: skip


def optimizer(word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> dict[str, Any]:
    """An optimizer as a Keras file would tell it.

    Raises:
        SnippetError: an argument cannot be told.
    """
    values = bound(f"optim.{word}", OPTIMIZERS[word], args, given, line)
    values.pop("params", None)
    told = dict(_DEFAULTS[word]) | {key: plain(value, line, f"{key} of {word}") for key, value in values.items()}
    betas = told.pop("betas", None)
    if isinstance(betas, list) and len(betas) == 2:
        told |= {"beta_1": betas[0], "beta_2": betas[1]}
    if not told.get("weight_decay"):
        told.pop("weight_decay", None)
    name = {"NAdam": "Nadam"}.get(word, word)
    return {"class_name": name, "config": {_WORDS.get(key, key): value for key, value in told.items()}}

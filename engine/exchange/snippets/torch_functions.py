"""Functions of PyTorch on tensors in pasted code, as the modules that compute the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.exchange.importing.outline import shown
from engine.exchange.snippets import keras_words, torch_words
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.values import LayerValue, Tensor, Unknown

#: The module that computes what a function computes.
FUNCTIONS: Mapping[str, str] = {
    "relu": "ReLU", "relu_": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU",
    "gelu": "GELU", "silu": "SiLU", "mish": "Mish", "sigmoid": "Sigmoid", "tanh": "Tanh", "softplus": "Softplus",
    "softsign": "Softsign", "hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid", "softmax": "Softmax",
    "log_softmax": "LogSoftmax", "dropout": "Dropout", "dropout2d": "Dropout2d", "flatten": "Flatten",
    "interpolate": "Upsample", "upsample": "Upsample",
    **{f"{kind}_pool{n}d": f"{name}Pool{n}d" for n in (1, 2, 3) for kind, name in (("max", "Max"), ("avg", "Avg"))},
    **{f"adaptive_avg_pool{n}d": f"AdaptiveAvgPool{n}d" for n in (1, 2, 3)},
}  # fmt: skip
#: Methods and functions that change nothing here.
SAME = frozenset({"contiguous", "float", "double", "to", "cuda", "cpu", "clone"})
#: Functions whose first argument is a list of tensors.
_OF_LISTS = ("cat", "concat")
#: Joining functions, and the layers that join.
JOINING: Mapping[str, str] = {"add": "Add", "sub": "Subtract", "mul": "Multiply"}


def call(story: Story, word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    """What a function gives whose first argument is a tensor, or a list of them.

    Raises:
        SnippetError: it changes tensors in a way that is not understood.
    """
    if not isinstance(args[0], Tensor) and word not in _OF_LISTS:
        raise SnippetError(
            line, f"what {shown(word)}(…) does to a list or a model is not understood here; use modules of nn."
        )
    if word in FUNCTIONS:
        words = {
            key: value for key, value in given.items() if key not in ("training", "inplace", "dtype", "_stacklevel")
        }
        module = torch_words.module(FUNCTIONS[word], args[1:], words, line)
        return story.applied(module, [args[0]], line)[0]
    if word in SAME:
        return args[0]
    special = _SPECIAL.get(word)
    if special is not None:
        return special(story, args, given, line)
    if word in JOINING and len(args) == 2 and isinstance(args[1], Tensor):
        return story.applied(LayerValue(JOINING[word], {}, line), list(args), line)[0]
    if word in ("size", "dim", "numel"):
        return Unknown(line, "the size of a tensor is only known when the network is put together")
    raise SnippetError(line, f"what {shown(word)}(…) does to a tensor is not understood here; use modules of nn.")


def _view(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    sizes = list(args[1]) if len(args) == 2 and isinstance(args[1], (list, tuple)) else list(args[1:])
    if len(sizes) != 2 or given:
        raise SnippetError(
            line, "only .view(n, -1), which makes a row of each sample, is understood; use nn.Flatten()."
        )
    return story.applied(LayerValue("Flatten", {}, line), [args[0]], line)[0]


def _cat(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    axis = given.get("dim", args[1] if len(args) > 1 else 0)
    if axis not in (1, -1):
        raise SnippetError(line, "only torch.cat(…, dim=1), which puts channels beside each other, is understood.")
    return story.applied(LayerValue("Concatenate", {"axis": -1}, line), keras_words.listed(args[0], line), line)[0]


def _mean(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    axes = given.get("dim", args[1] if len(args) > 1 else None)
    listed = tuple(axes) if isinstance(axes, (list, tuple)) else args[1:]
    if tuple(listed) not in ((2, 3), (-2, -1), (-1, -2)):
        raise SnippetError(
            line, "only .mean([2, 3]), the mean of each channel, is understood; use nn.AdaptiveAvgPool2d(1)."
        )
    settings = {"keepdims": bool(given.get("keepdim", False))}
    return story.applied(LayerValue("GlobalAveragePooling2D", settings, line), [args[0]], line)[0]


_SPECIAL: Mapping[str, Callable[[Story, Sequence[Any], Mapping[str, Any], int], Any]] = {
    "view": _view, "reshape": _view, "cat": _cat, "concat": _cat, "mean": _mean,
}  # fmt: skip

"""How things are called in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.exchange.python_formula import Spelling, number_text

#: Attributes that every module has: a layer of that name would hide them.
MODULE = frozenset({
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
    "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
    "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook", "register_buffer",
    "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
    "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
    "training", "type", "xpu", "zero_grad",
})  # fmt: skip
#: Names that the file uses itself.
FILE = (
    "np", "torch", "nn", "F", "sys", "Path", "NAME", "INPUTS", "OUTPUTS", "SHAPES", "CLASSES", "load", "main", "show",
    "channels_first", "channels_last", "self", "x", "SimpleSteps", "LstmSteps", "GruSteps",
)  # fmt: skip
#: An activation as an expression of {x} and {dim}, by its key.
FUNCTIONS: Mapping[str, Callable[[Any], str]] = {
    "linear": lambda _: "{x}",
    "relu": lambda _: "F.relu({x})",
    "relu6": lambda _: "F.relu6({x})",
    "sigmoid": lambda _: "torch.sigmoid({x})",
    "tanh": lambda _: "torch.tanh({x})",
    "exponential": lambda _: "torch.exp({x})",
    "softmax": lambda _: "F.softmax({x}, dim={dim})",
    "log_softmax": lambda _: "F.log_softmax({x}, dim={dim})",
    "elu": lambda a: f"F.elu({{x}}, alpha={number_text(a.alpha)})",
    "selu": lambda _: "F.selu({x})",
    "leaky_relu": lambda a: f"F.leaky_relu({{x}}, negative_slope={number_text(a.negative_slope)})",
    "softplus": lambda _: "F.softplus({x})",
    "softsign": lambda _: "F.softsign({x})",
    "hard_sigmoid": lambda _: "F.hardsigmoid({x})",
    "hard_silu": lambda _: "F.hardswish({x})",
    "silu": lambda _: "F.silu({x})",
    "mish": lambda _: "F.mish({x})",
    "gelu": lambda a: 'F.gelu({x}, approximate="tanh")' if a.approximate else "F.gelu({x})",
}
SAME = (
    "exp", "expm1", "log", "log1p", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "arctan", "sign", "floor", "ceil",
    "erf",
)  # fmt: skip
#: Formulas of activations that PyTorch has no name for.
SPELLING = Spelling(
    {name: f"torch.{name}({{0}})" for name in SAME}
    | {name: f"torch.{name}({{0}}, {{1}})" for name in ("maximum", "minimum", "logaddexp")}
    | {name: f"torch.{name}({{0}}, dim=-1, keepdim=True)" for name in ("sum", "mean")}
    | {name: f"torch.a{name}({{0}}, dim=-1, keepdim=True)" for name in ("max", "min")}
    | {
        "absolute": "torch.abs({0})", "where": "torch.where({0}, {1}, {2})", "clip": "torch.clamp({0}, {1}, {2})",
        "number": "({0}).to(x.dtype)",
    },
    arrays=frozenset({"maximum", "minimum", "logaddexp"}),
    array="torch.full_like(x, {0})",
)  # fmt: skip

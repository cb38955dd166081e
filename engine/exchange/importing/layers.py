"""One layer of a file as a layer of the catalogue, or as a stand-in that keeps what the file says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.missing import Missing
from engine.catalogue.raw import RAW_LIMIT, raw_text
from engine.component import Component, parameters
from engine.constraints import Whole
from engine.errors import LayerloomError
from engine.exchange.importing import spelling
from engine.exchange.importing.outline import Told, shown
from engine.exchange.importing.parts import (
    ACTIVATION_LAYERS,
    NEUTRAL,
    Cannot,
    activation,
    activation_of_layer,
    constraint,
    described,
    initializer,
    regularizer,
    slots,
)
from engine.registry import layers

#: Settings that say nothing about what a layer computes here.
SILENT = frozenset({
    "name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_dim", "input_shape", "input_length",
    "input_dtype", "data_format", "quantization_config", "autocast", "lora_rank", "lora_alpha", "build_config",
    "fused", "synchronized", "sparse", "ragged", "optional", "implementation", "consume_less", "seed", "noise_shape",
    "layers", "build_input_shape", "batch_size", "dtype_policy", "virtual_batch_size", "adjustment", "renorm",
    "renorm_clipping", "renorm_momentum", "mode", "supports_masking", "cache_enabled", "custom_name",
})  # fmt: skip
_KERNEL = frozenset({"kernel_initializer", "kernel_regularizer", "kernel_constraint"})
#: Settings that Keras 2 wrote because a class had them from Conv2D, although they did nothing; groups are 1 then.
INHERITED: Mapping[str, frozenset[str]] = {
    "Conv1DTranspose": frozenset(), "Conv2DTranspose": frozenset(), "Conv3DTranspose": frozenset(),
    "DepthwiseConv1D": _KERNEL | {"filters"}, "DepthwiseConv2D": _KERNEL | {"filters"},
    "SeparableConv1D": _KERNEL, "SeparableConv2D": _KERNEL,
}  # fmt: skip
#: Unknown settings whose names end so are noticed by training only.
OF_TRAINING = ("_regularizer", "_constraint", "_initializer")
#: Settings that only training would notice.
TRAINING_ONLY = ("noise_shape",)
FLOATS = ("float32", "float64")
#: What reads the parts of a layer that training needs, by kind.
PARTS: Mapping[str, Callable[[Any], Component | None]] = {
    "initializer": initializer,
    "regularizer": regularizer,
    "constraint": constraint,
}


def converted(told: Told, major: int, lost: list[str]) -> Layer:
    """The layer, exactly as the file means it; remarks are added to ``lost``.

    Raises:
        Cannot: there is none here.
    """
    if told.kind in ACTIVATION_LAYERS:
        _check_unknown(told, told.settings, [])
        try:
            return _layer("Activation", {"activation": activation_of_layer(told.kind, told.settings, major)})
        except Cannot as reason:
            return _instead(told, major, lost, reason)
    special = SPECIAL.get(told.kind)
    if special is not None:
        return special(told)
    if told.kind not in layers or getattr(layers.get(told.kind), "hidden", False):
        raise Cannot(f"the layer type '{shown(told.kind)}' is not known here")
    return _generic(told, told.settings, major, lost)


def _instead(told: Told, major: int, lost: list[str], reason: Cannot) -> Layer:
    """The layer of that name where no activation says it by itself; why not, where that one cannot either."""
    try:
        return _generic(told, told.settings, major, lost)
    except Cannot:
        raise reason from None


def _generic(told: Told, settings: Mapping[str, Any], major: int, lost: list[str]) -> Layer:
    cls = layers.get(told.kind)
    assert issubclass(cls, Layer)
    holders, known = slots(cls), {p.name for p in parameters(cls)}
    single = {"axis", *(p.name for p in parameters(cls) if isinstance(p.constraint, Whole))}
    values: dict[str, Any] = {}
    for key in known & set(settings):
        value = settings[key]
        if key in holders:
            found = _part(holders[key], value, major, told, key, lost)
            if found is not None:
                values[key] = found
        elif key == "seed":
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
                values[key] = value
        elif key in single and isinstance(value, list) and len(value) == 1:
            values[key] = value[0]  # the one axis, or the one size of what has one axis
        else:
            values[key] = value
    values |= _of_calls(told, cls)
    _check_batch_normalization(told)
    _check_orientation(told)
    _check_unknown(told, settings, lost)
    return _layer(told.kind, values)


def _of_calls(told: Told, cls: type[Layer]) -> dict[str, Any]:
    """What the layer is told where it is called.

    Raises:
        Cannot: it is called on something that it does not take here.
    """
    if not cls.call_arguments:
        return {}
    nodes = told.raw.get("inbound_nodes")
    calls = [words for node in nodes if isinstance(words := _words(node), dict)] if isinstance(nodes, list) else []
    ports = {port.name for port in cls.inputs}
    found: dict[str, Any] = {}
    for words in calls:
        for name, value in words.items():
            if name in cls.call_arguments:
                found[name] = value
            elif name not in ports and value not in NEUTRAL and name != "training":
                raise Cannot(
                    f"it is called with {shown(name)}, which is not known here and may change what it computes"
                )
    return found


def _words(node: Any) -> Any:
    """The named arguments of a call: of Keras 3, or of Keras 2 beside the first tensor."""
    if isinstance(node, dict):
        return node.get("kwargs")
    first = node[0] if isinstance(node, list) and node else None
    return first[3] if isinstance(first, list) and len(first) > 3 else None


def _check_unknown(told: Told, settings: Mapping[str, Any], lost: list[str]) -> None:
    """Refuse settings that may change answers; remark on those that only training would notice.

    Raises:
        Cannot: the layer has a setting that no layer here has, and its value says something.
    """
    known = SILENT | INHERITED.get(told.kind, frozenset()) | {p.name for p in parameters(layers.get(told.kind))}
    if told.kind in INHERITED and settings.get("groups", 1) == 1:
        known |= {"groups"}
    for key in [key for key, value in settings.items() if key not in known and value not in NEUTRAL]:
        if not key.endswith(OF_TRAINING):
            raise Cannot(f"its setting '{shown(key)}' is not known here and may change what it computes")
        lost.append(f"{shown(key)} of '{shown(told.name)}' was not carried. Only further training would notice.")


def _part(kind: str, value: Any, major: int, told: Told, key: str, lost: list[str]) -> Component | None:
    if kind == "activation":
        return activation(value, major)
    if value is None:
        return None
    if kind == "layer":
        name, config = described(value)
        inner = spelling.layer_name(name)
        return converted(replace(told, kind=inner, settings=spelling.settings(inner, config, major)), major, lost)
    try:
        reader = PARTS.get(kind)
        return None if reader is None else reader(value)
    except Cannot as error:
        lost.append(f"{key} of '{shown(told.name)}' was not carried: {error}. Only new training would notice.")
        return None


def _check_batch_normalization(told: Told) -> None:
    if told.kind == "BatchNormalization":
        if told.settings.get("renorm"):
            raise Cannot("it renormalizes batches, which is not at hand here")
        if told.settings.get("mode", 0) != 0:
            raise Cannot(f"its mode {shown(told.settings['mode'])} of Keras 1 is not at hand here")


def _check_orientation(told: Told) -> None:
    first = told.settings.get("data_format") == "channels_first"
    if first and told.kind.removesuffix("Transpose").endswith(("1D", "3D")):
        raise Cannot("it puts channels first, which is turned for layers of pictures only")


def _layer(kind: str, values: Mapping[str, Any]) -> Layer:
    try:
        made = layers.get(kind)(**values)
    except LayerloomError as error:
        raise Cannot(f"its settings are not possible here: {error}") from None
    assert isinstance(made, Layer)
    return made


def _input(told: Told) -> Layer:
    shape = next((told.settings[k] for k in ("batch_shape", "batch_input_shape") if k in told.settings), None)
    if not isinstance(shape, list) or not shape:
        raise Cannot("the file does not say which shape enters; put an Input of a fixed shape in its place")
    if None in shape[1:]:
        sizes = " × ".join("?" if n is None else shown(n) for n in shape[1:])
        raise Cannot(f"its shape {sizes} leaves sizes open; put an Input of a fixed shape in its place")
    return _layer("Input", {"shape": tuple(shape[1:])})


def _lambda(told: Told) -> Layer:
    raise Cannot("a Lambda layer holds program code, which is never run; replace it by an Activation or Expression")


def _merge(told: Told) -> Layer:
    mode = told.settings.get("mode")
    kind = spelling.MERGES.get(mode) if isinstance(mode, str) else None
    if told.settings.get("layers"):
        raise Cannot("it joins models of Keras 1 that lie within it")
    if kind is None or kind not in layers:
        raise Cannot(f"its mode {shown(mode)!r} of Keras 1 is not at hand here")
    return _layer(kind, {"axis": told.settings["axis"]} if kind == "Concatenate" and "axis" in told.settings else {})


#: What needs more than its parameters carried over.
SPECIAL: Mapping[str, Callable[[Told], Layer]] = {"InputLayer": _input, "Lambda": _lambda, "Merge": _merge}


def stand_in(told: Told, why: str) -> Missing:
    """A layer that keeps the file's words, so that nothing of them is lost."""
    kind = f"Keras {shown(told.kind)}"
    raw = raw_text({"type": kind, "keras": told.raw})
    if len(raw) > RAW_LIMIT:
        raw = raw_text({"type": kind})
    reason = "".join(c for c in why if c.isprintable())[:980]
    return Missing(raw=raw, reason=reason[:1].upper() + reason[1:] + ".")


def remarks(told: Told) -> list[str]:
    """What a layer loses although it computes the same."""
    name, found = shown(told.name), []
    for key in TRAINING_ONLY:
        if told.settings.get(key):
            found.append(f"{key} of '{name}' was not carried. Only further training would notice.")
    precision = dtype_name(told.settings.get("dtype"))
    if precision and precision not in FLOATS:
        found.append(f"'{name}' computed in {shown(precision)}; it computes in float32 here.")
    return found


def dtype_name(value: Any) -> str:
    """The precision that a layer's ``dtype`` names, in any dialect."""
    if isinstance(value, dict):
        config = value.get("config")
        value = config.get("name") if isinstance(config, dict) else None
    return value if isinstance(value, str) else ""

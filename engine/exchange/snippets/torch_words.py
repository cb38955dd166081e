"""Modules of PyTorch in pasted code as layers of Keras, which put channels last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from engine.exchange.importing.outline import shown
from engine.exchange.snippets import keras_words
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.network import Story
from engine.exchange.snippets.plain import bound, plain
from engine.exchange.snippets.torch_training import LOSSES, OPTIMIZERS, optimizer
from engine.exchange.snippets.values import LayerValue, Path, Stack, Tensor, Unknown
from engine.exchange.snippets.vocabulary import near


class Given(NamedTuple):
    """The arguments of a module by name, as plain values."""

    word: str
    values: Mapping[str, Any]
    line: int

    def get(self, name: str, default: Any = None) -> Any:
        """One of them."""
        return self.values.get(name, default)

    def refuse(self, reason: str) -> SnippetError:
        """What to say when it cannot be written here."""
        return SnippetError(self.line, f"nn.{self.word} {reason}.")

    def need(self, name: str) -> Any:
        """One that cannot be left out."""
        if name not in self.values:
            raise self.refuse(f"needs {name}")
        return self.values[name]

    def only(self, name: str, *usual: Any) -> None:
        """Refuse values that no layer here has."""
        value = self.get(name, usual[0])
        if value not in usual:
            raise self.refuse(f"with {name}={shown(value)} is not at hand here")

    def sizes(self, name: str, count: int, default: Any = 0) -> list[int]:
        """Whole numbers, one for each axis."""
        value = self.get(name, default)
        listed = [value] * count if type(value) is int else value
        if not isinstance(listed, list) or len(listed) != count or not all(type(n) is int for n in listed):
            raise self.refuse(f"needs whole numbers for {name}; it gets {shown(value)}")
        return listed

    def entering(self, name: str) -> int:
        """How many numbers (or channels) it says enter it; 0 where it does not say so by a plain number."""
        value = self.get(name)
        return value if type(value) is int and value > 0 else 0

    def layer(self, kind: str, **settings: Any) -> LayerValue:
        """A layer here, checked."""
        made = LayerValue(kind, settings, self.line)
        keras_words.check(made)
        return made


Builder = Callable[[Given], list[LayerValue]]
Names = tuple[str, ...]


def call(story: Story, path: Path, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Any:
    """What a call of a word of PyTorch gives; ``None`` where it is none.

    Raises:
        SnippetError: no layers here compute that.
    """
    word = path.word
    if word == "Sequential":
        return _sequential(story, args, given, line)
    if word in ("ModuleList", "OrderedDict", "ModuleDict"):
        return _listed(word, args, line)
    if word in MODULES and not (args and isinstance(args[0], Tensor)):
        return module(word, args, given, line)
    if word in LOSSES:
        story.training["loss"] = LOSSES[word]
        return Unknown(line, "it is a loss")
    if word in OPTIMIZERS and ("optim" in path.parts or "lr" in given):
        story.training["optimizer"] = optimizer(word, args, given, line)
        return Unknown(line, "it is an optimizer")
    in_nn = len(path.parts) > 1 and path.parts[-2] == "nn"
    if in_nn and word[:1].isupper() and word not in ("Module", "Parameter") and not word.endswith("Loss"):
        raise SnippetError(line, f"the module nn.{shown(word)} is not known here{near(word, MODULES)}.")
    return None


def module(word: str, args: Sequence[Any], given: Mapping[str, Any], line: int) -> LayerValue | Stack:
    """A module as one layer, or as several that belong together.

    Raises:
        SnippetError: no layers here compute that.
    """
    names, builder = MODULES[word]
    values = bound(f"nn.{word}", names, args, given, line)
    told = {name: plain(value, line, f"{name} of nn.{word}") for name, value in values.items()
            if name not in ("device", "dtype", "inplace")}  # fmt: skip
    made = builder(Given(word, told, line))
    return made[0] if len(made) == 1 else Stack(list(made), line, loose=True)


def _sequential(story: Story, args: Sequence[Any], given: Mapping[str, Any], line: int) -> Stack:
    items: list[Any] = list(args)
    if len(items) == 1 and isinstance(items[0], (list, tuple)):
        items = list(items[0])
    elif len(items) == 1 and isinstance(items[0], dict):
        items = [keras_words.named(item, str(name)) for name, item in items[0].items()]
    return keras_words.sequential(story, items, None, line)


def _listed(word: str, args: Sequence[Any], line: int) -> Any:
    """What a list or dictionary of modules holds; an unknown value where its names cannot be told."""
    items = args[0] if args else []
    if word == "ModuleList" or isinstance(items, dict):
        return list(items) if isinstance(items, tuple) else items
    if isinstance(items, Unknown):
        return items
    if not isinstance(items, (list, tuple)):
        what = f"'{shown(items.text)}', which the code does not set" if isinstance(items, Path) else "no list of pairs"
        return Unknown(line, f"{word}(…) gets {what}")
    pairs = [item for item in items if isinstance(item, (list, tuple)) and len(item) == 2 and isinstance(item[0], str)]
    if len(pairs) < len(items):
        return Unknown(line, f"{word}(…) gets what is no pair of a name and a module")
    return {name: item for name, item in pairs}


# -- how each is written ------------------------------------------------------------------------------


def _linear(given: Given) -> list[LayerValue]:
    made = given.layer("Dense", units=given.need("out_features"), use_bias=given.get("bias", True))
    given.need("in_features")
    made.expects = given.entering("in_features")
    made.shape = [made.expects] if made.expects else None
    return [made]


def _convolution(count: int) -> Builder:
    def build(given: Given) -> list[LayerValue]:
        given.only("padding_mode", "zeros")
        settings: dict[str, Any] = {}
        if isinstance(given.get("padding", 0), str) or _keeps_size(given, count):
            settings["padding"] = given.get("padding") if isinstance(given.get("padding"), str) else "same"
        made = given.layer(
            f"Conv{count}D", filters=given.need("out_channels"), kernel_size=_size(given, "kernel_size", count),
            strides=_size(given, "stride", count, 1), dilation_rate=_size(given, "dilation", count, 1),
            groups=given.get("groups", 1), use_bias=given.get("bias", True), **settings,
        )  # fmt: skip
        given.need("in_channels")
        made.expects = given.entering("in_channels")
        return [made] if settings else [*_zeros(given, count), made]

    return build


def _keeps_size(given: Given, count: int) -> bool:
    """Whether zeros all around leave the sizes as they are, which is what ``same`` means."""
    names = (("kernel_size", 0), ("stride", 1), ("padding", 0), ("dilation", 1))
    sizes = zip(*(given.sizes(name, count, default) for name, default in names), strict=True)
    return all(stride == 1 and 0 < 2 * zeros == (kernel - 1) * step for kernel, stride, zeros, step in sizes)


def _size(given: Given, name: str, count: int, default: Any = None) -> Any:
    if name not in given.values and default is None:
        raise given.refuse(f"needs {name}")
    found = given.sizes(name, count, default)
    return found if count > 1 else found[0]


def _zeros(given: Given, count: int) -> list[LayerValue]:
    """The zeros around what enters; the convolution takes them over where it can say them."""
    if isinstance(given.get("padding", 0), str):
        return []
    around = given.sizes("padding", count)
    if not any(around):
        return []
    return [given.layer(f"ZeroPadding{count}D", padding=around if count > 1 else around[0])]


def _transposed(count: int) -> Builder:
    def build(given: Given) -> list[LayerValue]:
        given.only("dilation", 1)
        given.only("groups", 1)
        kernel, stride = (given.sizes(name, count, 1) for name in ("kernel_size", "stride"))
        around, more = (given.sizes(name, count) for name in ("padding", "output_padding"))
        if any(k < s for k, s in zip(kernel, stride, strict=True)):
            raise given.refuse("with strides larger than its window is not at hand here")
        crops = [[p, p - o] for p, o in zip(around, more, strict=True)]
        same = all(a == b and k - 2 * a == s for (a, b), k, s in zip(crops, kernel, stride, strict=True))
        if any(after < 0 for _, after in crops):
            raise given.refuse("with output_padding beyond its padding is not at hand here")
        made = given.layer(
            f"Conv{count}DTranspose", filters=given.need("out_channels"), use_bias=given.get("bias", True),
            kernel_size=kernel if count > 1 else kernel[0], strides=stride if count > 1 else stride[0],
            padding="same" if same else "valid",
        )  # fmt: skip
        made.expects = given.entering("in_channels")
        if same or not any(map(any, crops)):
            return [made]
        return [made, given.layer(f"Cropping{count}D", cropping=crops if count > 1 else crops[0])]

    return build


def _pooling(kind: str, count: int) -> Builder:
    def build(given: Given) -> list[LayerValue]:
        given.only("ceil_mode", False)
        given.only("dilation", 1)
        given.only("return_indices", False)
        given.only("count_include_pad", True)
        size = _size(given, "kernel_size", count)
        strides = size if given.get("stride") is None else _size(given, "stride", count)
        return [*_zeros(given, count), given.layer(f"{kind}Pooling{count}D", pool_size=size, strides=strides)]

    return build


def _adaptive(kind: str, count: int) -> Builder:
    def build(given: Given) -> list[LayerValue]:
        if given.get("output_size", 1) not in (1, [1] * count):
            raise given.refuse("is at hand only with one number per channel as its result, as nn.AdaptiveAvgPool2d(1)")
        return [given.layer(f"Global{kind}Pooling{count}D", keepdims=True)]

    return build


def _activation(name: str, *parameters: tuple[str, str, float]) -> Builder:
    """An activation; ``parameters`` are the names there and here, and the default."""

    def build(given: Given) -> list[LayerValue]:
        given.only("dim", None, 1, -1)
        given.only("approximate", "none", "tanh")
        config = {ours: given.get(theirs, default) for theirs, ours, default in parameters}
        if given.get("approximate") == "tanh":
            config["approximate"] = True
        return [given.layer("Activation", activation={"class_name": name, "config": config} if config else name)]

    return build


def _dropout(kind: str) -> Builder:
    return lambda given: [given.layer(kind, rate=given.get("p", 0.5))]


def _batch_norm(given: Given) -> list[LayerValue]:
    momentum, affine = given.get("momentum", 0.1), given.get("affine", True)
    if not isinstance(momentum, float):
        raise given.refuse(f"with momentum={shown(momentum)} is not at hand here")
    return [given.layer("BatchNormalization", momentum=round(1 - momentum, 12), epsilon=given.get("eps", 1e-5),
                        center=affine, scale=affine)]  # fmt: skip


def _layer_norm(given: Given) -> list[LayerValue]:
    shape = given.need("normalized_shape")
    if isinstance(shape, list) and len(shape) > 1:
        raise given.refuse("over several axes is not at hand here, because channels come last")
    return [given.layer("LayerNormalization", epsilon=given.get("eps", 1e-5))]


def _group_norm(given: Given) -> list[LayerValue]:
    return [given.layer("GroupNormalization", groups=given.need("num_groups"), epsilon=given.get("eps", 1e-5))]


def _embedding(given: Given) -> list[LayerValue]:
    sizes = {"input_dim": given.need("num_embeddings"), "output_dim": given.need("embedding_dim")}
    return [given.layer("Embedding", **sizes)]


def _recurrent(kind: str) -> Builder:
    def build(given: Given) -> list[LayerValue]:
        count, units = given.get("num_layers", 1), given.need("hidden_size")
        if type(count) is not int or not 1 <= count <= 32:
            raise given.refuse(f"with num_layers={shown(count)} is not at hand here")
        settings = {"units": units, "return_sequences": True, "use_bias": given.get("bias", True)}
        found = []
        for place in range(count):
            inner = given.layer(kind, **settings)
            if given.get("bidirectional", False):
                found.append(given.layer("Bidirectional", layer={"class_name": kind, "config": dict(settings)}))
            else:
                found.append(inner)
            if given.get("dropout", 0) and place < count - 1:
                found.append(given.layer("Dropout", rate=given.get("dropout")))
        found[0].expects = given.entering("input_size")
        return found

    return build


def _upsample(given: Given) -> list[LayerValue]:
    given.only("size", None)
    given.only("align_corners", None, False)
    factor, mode = given.get("scale_factor"), given.get("mode", "nearest")
    listed = factor if isinstance(factor, list) else [factor, factor]
    if len(listed) != 2 or not all(isinstance(n, (int, float)) and n == int(n) and n >= 1 for n in listed):
        raise given.refuse(f"needs a whole scale_factor; it gets {shown(factor)}")
    return [given.layer("UpSampling2D", size=[int(n) for n in listed], interpolation=mode)]


def _flatten(given: Given) -> list[LayerValue]:
    given.only("start_dim", 1)
    given.only("end_dim", -1)
    return [given.layer("Flatten")]


def _unflatten(given: Given) -> list[LayerValue]:
    given.only("dim", 1)
    sizes = given.need("unflattened_size")
    if not isinstance(sizes, list) or not sizes:
        raise given.refuse("needs the sizes it makes")
    return [given.layer("Reshape", target_shape=[*sizes[1:], sizes[0]])]


def _zero_pad(given: Given) -> list[LayerValue]:
    around = given.need("padding")
    left, right, top, bottom = given.sizes("padding", 4) if isinstance(around, list) else [around] * 4
    return [given.layer("ZeroPadding2D", padding=[[top, bottom], [left, right]])]


_CONV: Names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias",
                "padding_mode")  # fmt: skip
_TRANSPOSED: Names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups",
                      "bias", "dilation")  # fmt: skip
_MAX: Names = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
_AVERAGE: Names = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
_NORM: Names = ("num_features", "eps", "momentum", "affine", "track_running_stats")
_STEPS: Names = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
_NONE: Names = ("inplace",)
#: The argument names of each module in their order, and how it is written here.
MODULES: Mapping[str, tuple[Names, Builder]] = {
    "Linear": (("in_features", "out_features", "bias"), _linear),
    **{f"Conv{n}d": (_CONV, _convolution(n)) for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": (_TRANSPOSED, _transposed(n)) for n in (1, 2, 3)},
    **{f"MaxPool{n}d": (_MAX, _pooling("Max", n)) for n in (1, 2, 3)},
    **{f"AvgPool{n}d": (_AVERAGE, _pooling("Average", n)) for n in (1, 2, 3)},
    **{f"AdaptiveAvgPool{n}d": (("output_size",), _adaptive("Average", n)) for n in (1, 2, 3)},
    **{f"AdaptiveMaxPool{n}d": (("output_size", "return_indices"), _adaptive("Max", n)) for n in (1, 2, 3)},
    **{f"BatchNorm{n}d": (_NORM, _batch_norm) for n in (1, 2, 3)},
    **{f"Dropout{n}d": (("p", "inplace"), _dropout(f"SpatialDropout{n}D")) for n in (1, 2, 3)},
    "Dropout": (("p", "inplace"), _dropout("Dropout")),
    "AlphaDropout": (("p", "inplace"), _dropout("AlphaDropout")),
    "LayerNorm": (("normalized_shape", "eps", "elementwise_affine", "bias"), _layer_norm),
    "GroupNorm": (("num_groups", "num_channels", "eps", "affine"), _group_norm),
    "Embedding": (("num_embeddings", "embedding_dim", "padding_idx"), _embedding),
    "LSTM": (_STEPS, _recurrent("LSTM")),
    "GRU": (_STEPS, _recurrent("GRU")),
    "Flatten": (("start_dim", "end_dim"), _flatten),
    "Unflatten": (("dim", "unflattened_size"), _unflatten),
    "ZeroPad2d": (("padding",), _zero_pad),
    "Upsample": (("size", "scale_factor", "mode", "align_corners"), _upsample),
    "Identity": ((), lambda given: [given.layer("Identity")]),
    "ReLU": (_NONE, _activation("relu")),
    "ReLU6": (_NONE, _activation("relu6")),
    "Sigmoid": (_NONE, _activation("sigmoid")),
    "Tanh": (_NONE, _activation("tanh")),
    "SiLU": (_NONE, _activation("silu")),
    "Mish": (_NONE, _activation("mish")),
    "SELU": (_NONE, _activation("selu")),
    "Softplus": (_NONE, _activation("softplus")),
    "Softsign": (_NONE, _activation("softsign")),
    "Hardswish": (_NONE, _activation("hard_silu")),
    "Hardsigmoid": (_NONE, _activation("hard_sigmoid")),
    "GELU": (("approximate",), _activation("gelu")),
    "ELU": (("alpha", "inplace"), _activation("elu", ("alpha", "alpha", 1.0))),
    "LeakyReLU": (("negative_slope", "inplace"), _activation("leaky_relu", ("negative_slope", "negative_slope", 0.01))),
    "Softmax": (("dim",), _activation("softmax")),
    "LogSoftmax": (("dim",), _activation("log_softmax")),
}

"""What Keras 3 calls things: the facts that its exports rest on, and components in its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.component import Component, parameters

#: The Keras version whose files are written.
VERSION = "3.15.1"

_KERNEL = (
    "activation", "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
    "activity_regularizer", "kernel_constraint", "bias_constraint",
)  # fmt: skip
_CONVOLUTION = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups", *_KERNEL)
_TRANSPOSED = ("filters", "kernel_size", "strides", "padding", "output_padding", "dilation_rate", *_KERNEL)
_DEPTHWISE = (
    "kernel_size", "strides", "padding", "depth_multiplier", "dilation_rate", "activation", "use_bias",
    "depthwise_initializer", "bias_initializer", "depthwise_regularizer", "bias_regularizer", "activity_regularizer",
    "depthwise_constraint", "bias_constraint",
)  # fmt: skip
_SEPARABLE = (
    "filters", "kernel_size", "strides", "padding", "dilation_rate", "depth_multiplier", "activation", "use_bias",
    "depthwise_initializer", "pointwise_initializer", "bias_initializer", "depthwise_regularizer",
    "pointwise_regularizer", "bias_regularizer", "activity_regularizer", "depthwise_constraint",
    "pointwise_constraint", "bias_constraint",
)  # fmt: skip
_STEPS = (
    "units", "activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer",
    "kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
    "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout", "seed", "return_sequences",
    "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask",
)  # fmt: skip
_WARP = ("fill_mode", "interpolation", "seed", "fill_value")
_POOLING = ("pool_size", "strides", "padding")
#: Layers that keep their weights in the order in which they are declared, and the parameters they share with ours.
LAYERS: Mapping[str, tuple[str, ...]] = {
    "Activation": ("activation",),
    "ActivityRegularization": ("l1", "l2"),
    "Add": (),
    "Attention": ("use_scale", "score_mode", "dropout", "seed"),
    "Average": (),
    "AdditiveAttention": ("use_scale", "dropout", "seed"),
    "AlphaDropout": ("rate", "noise_shape", "seed"),
    "AveragePooling1D": _POOLING,
    "AveragePooling2D": _POOLING,
    "AveragePooling3D": _POOLING,
    "BatchNormalization": (
        "axis", "momentum", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer",
        "moving_mean_initializer", "moving_variance_initializer", "beta_regularizer", "gamma_regularizer",
        "beta_constraint", "gamma_constraint",
    ),
    "Bidirectional": ("layer", "merge_mode", "backward_layer"),
    "CenterCrop": ("height", "width"),
    "Concatenate": ("axis",),
    "Conv1D": _CONVOLUTION,
    "Conv1DTranspose": _TRANSPOSED,
    "Conv2D": _CONVOLUTION,
    "Conv2DTranspose": _TRANSPOSED,
    "Conv3D": _CONVOLUTION,
    "Conv3DTranspose": _TRANSPOSED,
    "Cropping1D": ("cropping",),
    "Cropping2D": ("cropping",),
    "Cropping3D": ("cropping",),
    "Dense": ("units", *_KERNEL),
    "DepthwiseConv1D": _DEPTHWISE,
    "DepthwiseConv2D": _DEPTHWISE,
    "Dot": ("axes", "normalize"),
    "Dropout": ("rate", "noise_shape", "seed"),
    "ELU": ("alpha",),
    "Embedding": (
        "input_dim", "output_dim", "embeddings_initializer", "embeddings_regularizer", "embeddings_constraint",
        "mask_zero",
    ),
    "Flatten": (),
    "GRU": (*_STEPS, "recurrent_activation", "reset_after"),
    "GaussianDropout": ("rate", "seed"),
    "GaussianNoise": ("stddev", "seed"),
    "GlobalAveragePooling1D": ("keepdims",),
    "GlobalAveragePooling2D": ("keepdims",),
    "GlobalAveragePooling3D": ("keepdims",),
    "GlobalMaxPooling1D": ("keepdims",),
    "GlobalMaxPooling2D": ("keepdims",),
    "GlobalMaxPooling3D": ("keepdims",),
    "GroupNormalization": (
        "groups", "axis", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer", "beta_regularizer",
        "gamma_regularizer", "beta_constraint", "gamma_constraint",
    ),
    "Identity": (),
    "LSTM": (*_STEPS, "recurrent_activation", "unit_forget_bias"),
    "LayerNormalization": (
        "axis", "epsilon", "center", "scale", "beta_initializer", "gamma_initializer", "beta_regularizer",
        "gamma_regularizer", "beta_constraint", "gamma_constraint",
    ),
    "LeakyReLU": ("negative_slope",),
    "Masking": ("mask_value",),
    "MaxPooling1D": _POOLING,
    "MaxPooling2D": _POOLING,
    "MaxPooling3D": _POOLING,
    "Maximum": (),
    "Minimum": (),
    "MultiHeadAttention": (
        "num_heads", "key_dim", "value_dim", "dropout", "use_bias", "output_shape", "attention_axes", "sliding_window",
        "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "kernel_constraint",
        "bias_constraint", "use_gate", "seed",
    ),
    "Multiply": (),
    "Normalization": ("axis", "mean", "variance", "invert"),
    "PReLU": ("alpha_initializer", "alpha_regularizer", "alpha_constraint", "shared_axes"),
    "Permute": ("dims",),
    "RandomBrightness": ("factor", "value_range", "seed"),
    "RandomContrast": ("factor", "value_range", "seed"),
    "RandomFlip": ("mode", "seed"),
    "RandomRotation": ("factor", *_WARP),
    "RandomShear": ("x_factor", "y_factor", *_WARP),
    "RandomTranslation": ("height_factor", "width_factor", *_WARP),
    "RandomZoom": ("height_factor", "width_factor", *_WARP),
    "ReLU": ("max_value", "negative_slope", "threshold"),
    "RepeatVector": ("n",),
    "Rescaling": ("scale", "offset"),
    "Reshape": ("target_shape",),
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
    "Resizing": (
        "height", "width", "interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_value", "antialias",
    ),
    "SimpleRNN": _STEPS,
    "Softmax": ("axis",),
    "SpatialDropout1D": ("rate", "seed"),
    "SpatialDropout2D": ("rate", "seed"),
    "SpatialDropout3D": ("rate", "seed"),
    "Subtract": (),
    "TimeDistributed": ("layer",),
    "UnitNormalization": ("axis",),
    "UpSampling1D": ("size",),
    "UpSampling2D": ("size", "interpolation"),
    "UpSampling3D": ("size",),
    "ZeroPadding1D": ("padding",),
    "ZeroPadding2D": ("padding",),
    "ZeroPadding3D": ("padding",),
}  # fmt: skip
#: Layers that are called on tensors one by one instead of on a list, and the names of these.
APART: Mapping[str, tuple[str, ...]] = {"MultiHeadAttention": ("query", "value", "key")}
#: Where arrays of a layer stand below it in files: by the beginning of their names, the folder.
STORES: Mapping[str, Mapping[str, str]] = {
    "MultiHeadAttention": {
        "query_": "query_dense", "key_": "key_dense", "gate_": "_gate_dense", "value_": "value_dense",
        "attention_output_": "output_dense",
    },
}  # fmt: skip
#: Activations by the names that are the same in Keras, with the same defaults.
ACTIVATIONS = frozenset(
    (
        "elu", "exponential", "gelu", "hard_sigmoid", "hard_silu", "leaky_relu", "linear", "log_softmax", "mish",
        "relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "tanh",
    )
)  # fmt: skip
#: Layers that take the states that they begin with as an argument of their own.
STATED = frozenset(("Bidirectional", "GRU", "LSTM", "SimpleRNN"))
#: Classes by kind; parameters and defaults are the same in Keras.
CLASSES: Mapping[str, frozenset[str]] = {
    "initializer": frozenset(
        (
            "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "Ones",
            "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "Zeros",
        )
    ),
    "regularizer": frozenset(("L1", "L2", "L1L2", "OrthogonalRegularizer")),
    "constraint": frozenset(("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm")),
    "loss": frozenset(
        (
            "BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy",
            "CategoricalHinge", "CosineSimilarity", "Hinge", "Huber", "KLDivergence", "LogCosh", "MeanAbsoluteError",
            "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson",
            "SparseCategoricalCrossentropy", "SquaredHinge",
        )
    ),
    "metric": frozenset(
        (
            "AUC", "Accuracy", "BinaryAccuracy", "BinaryCrossentropy", "CategoricalAccuracy", "CategoricalCrossentropy",
            "CategoricalHinge", "CosineSimilarity", "F1Score", "FBetaScore", "Hinge", "KLDivergence", "LogCoshError",
            "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError",
            "Poisson", "Precision", "R2Score", "Recall", "RootMeanSquaredError", "SparseCategoricalAccuracy",
            "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy", "SquaredHinge", "TopKCategoricalAccuracy",
        )
    ),
    "optimizer": frozenset(
        ("Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion", "Nadam", "RMSprop", "SGD")
    ),
    "schedule": frozenset(
        (
            "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay",
            "PolynomialDecay",
        )
    ),
}  # fmt: skip
#: The optimizers' memory in Keras's order, by our names: what stands in one group alternates, weight by weight.
MEMORY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Adadelta": (("square", "steps"),),
    "Adagrad": (("square",),),
    "Adam": (("m", "v"), ("v_max",)),
    "AdamW": (("m", "v"), ("v_max",)),
    "Adamax": (("m", "u"),),
    "Ftrl": (("square", "linear"),),
    "Lion": (("m",),),
    "Nadam": (("m", "v"),),
    "RMSprop": (("square",), ("momentum",), ("average",)),
    "SGD": (("momentum",),),
}
_PLURAL = {"loss": "losses", "schedule": "optimizers.schedules"}


def values_of(component: Component) -> dict[str, Any]:
    """Its parameters by name."""
    return {p.name: getattr(component, p.name) for p in parameters(type(component))}


def changed_values(component: Component) -> dict[str, Any]:
    """Its parameters that are not at their defaults, by name."""
    return {
        p.name: getattr(component, p.name)
        for p in parameters(type(component))
        if not p.has_default or getattr(component, p.name) != p.default
    }


def is_known(component: Component) -> bool:
    """Whether Keras has this component under the same name."""
    if component.kind == "activation":
        return component.key in ACTIVATIONS and not changed_values(component)
    return type(component).__name__ in CLASSES.get(component.kind, ())


def module_of(component: Component) -> str:
    """Where Keras keeps such components: ``keras.losses``."""
    return f"keras.{_PLURAL.get(component.kind, component.kind + 's')}"


def as_json(value: Any) -> Any:
    """A parameter's value as Keras writes it into a file.

    Activations, and losses and metrics without parameters of their own, go by name; others are objects.
    """
    if isinstance(value, Component):
        if value.kind == "activation" or (value.kind in ("loss", "metric") and not changed_values(value)):
            return value.key
        values = values_of(value)
        if value.kind == "metric" and values["name"] is None:
            del values["name"]  # Keras then gives the same names as we do
        if value.kind == "layer":
            values = {name: given for name, given in values.items() if name in LAYERS[value.key]}
        return as_object(module_of(value), type(value).__name__, as_json(values))
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def as_object(module: str, name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """An object as Keras writes it into a file."""
    return {"module": module, "class_name": name, "config": dict(config), "registered_name": None}

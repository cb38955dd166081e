"""Old spellings of Keras 1 and 2 in today's words: the one table of them.

A name that is not here is spelled today as it always was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Class names of layers.
LAYERS: Mapping[str, str] = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconv2D": "Conv2DTranspose",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "MaxoutDense": "Maxout",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "MaxPool3D": "MaxPooling3D",
    "AvgPool3D": "AveragePooling3D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
    "DenseV1": "Dense",
    "TimeDistributedDense": "Dense",
}

_CONVOLUTION = (
    "init", "activation", "weights", "border_mode", "subsample", "dim_ordering", "W_regularizer", "b_regularizer",
    "activity_regularizer", "W_constraint", "b_constraint", "bias",
)  # fmt: skip
_DENSE = (
    "output_dim", "init", "activation", "weights", "W_regularizer", "b_regularizer", "activity_regularizer",
    "W_constraint", "b_constraint", "bias", "input_dim", "input_length",
)  # fmt: skip

#: The order of the arguments of classes that are called otherwise today.
POSITIONS: Mapping[str, tuple[str, ...]] = {
    "Convolution1D": (
        "nb_filter", "filter_length", "init", "activation", "weights", "border_mode", "subsample_length",
        "W_regularizer", "b_regularizer", "activity_regularizer", "W_constraint", "b_constraint", "bias", "input_dim",
        "input_length",
    ),
    "Convolution2D": ("nb_filter", "nb_row", "nb_col", *_CONVOLUTION),
    "Convolution3D": ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3", *_CONVOLUTION),
    "TimeDistributedDense": _DENSE,
    "MaxoutDense": (
        "output_dim", "nb_feature", "init", "weights", "W_regularizer", "b_regularizer", "activity_regularizer",
        "W_constraint", "b_constraint", "bias", "input_dim",
    ),
}  # fmt: skip

#: Parameters that one had for each axis.
PER_AXIS: Mapping[str, tuple[str, ...]] = {
    "Conv2D": ("nb_row", "nb_col"),
    "SeparableConv2D": ("nb_row", "nb_col"),
    "Conv2DTranspose": ("nb_row", "nb_col"),
    "Conv3D": ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
}

#: Parameters of every layer.
PARAMETERS: Mapping[str, str] = {
    "output_dim": "units",
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "border_mode": "padding",
    "atrous_rate": "dilation_rate",
    "pool_length": "pool_size",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "U_constraint": "recurrent_constraint",
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
    "bias": "use_bias",
    "p": "rate",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "sigma": "stddev",
    "concat_axis": "axis",
    "lr": "learning_rate",
}

#: Parameters that were told one by one.
KERNEL_SIZES = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))

#: Parameters that one kind of component called otherwise.
OWN_PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "Embedding": {
        "output_dim": "output_dim",
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "LeakyReLU": {"alpha": "negative_slope"},
    "MaxNorm": {"m": "max_value"},
    "Maxout": {"nb_feature": "features"},
    "ReduceLROnPlateau": {"epsilon": "min_delta"},
}

#: Parameters that are gone, with the values at which they did nothing, by class.
GONE: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "TensorBoard": {
        "histogram_freq": (0,), "write_graph": (True, False), "write_images": (False,), "embeddings_freq": (0,),
        "embeddings_metadata": (None,), "profile_batch": (0,), "write_steps_per_second": (False,),
        "write_grads": (False,), "batch_size": (32,), "embeddings_layer_names": (None,), "embeddings_data": (None,),
    },
    "ModelCheckpoint": {"period": (1,)},
    "BatchNormalization": {"mode": (0,)},
    "Embedding": {"dropout": (0, 0.0)},
    "LSTM": {"consume_less": ("cpu", "mem", "gpu"), "implementation": (0, 1, 2)},
    "GRU": {"consume_less": ("cpu", "mem", "gpu"), "implementation": (0, 1, 2)},
    "SimpleRNN": {"consume_less": ("cpu", "mem", "gpu"), "implementation": (0, 1, 2)},
}  # fmt: skip

#: Arguments of a model's methods; nothing where they say nothing any more.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "fit": {
        "nb_epoch": "epochs", "show_accuracy": "", "max_q_size": "", "max_queue_size": "", "nb_worker": "",
        "workers": "", "pickle_safe": "", "use_multiprocessing": "",
    },
    "compile": {"class_mode": "", "sample_weight_mode": "", "run_eagerly": "", "jit_compile": "", "auto_scale_loss": "",
                "steps_per_execution": ""},
}  # fmt: skip

#: Arguments that counted samples, and those that count batches in their place.
COUNTED: Mapping[str, str] = {"samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps"}

#: What a parameter was where a file leaves it out, if that is not today's default: by kind, with the last major
#: version for which it holds.
DEFAULTS: Mapping[str, Mapping[str, tuple[int, Any]]] = {
    "LeakyReLU": {"negative_slope": (99, 0.3)},  # the layer's; the function's is another one
    "GRU": {"reset_after": (2, False)},
    "Adam": {"epsilon": (1, 1e-8)},
    "RMSprop": {"epsilon": (1, 1e-8)},
}

#: Values of a parameter (by today's name) that were called otherwise.
VALUES: Mapping[str, Mapping[str, str]] = {"data_format": {"th": "channels_first", "tf": "channels_last"}}

#: ``mode`` of Keras 1's Merge layer.
MERGES: Mapping[str, str] = {
    "sum": "Add", "concat": "Concatenate", "mul": "Multiply", "ave": "Average", "max": "Maximum", "dot": "Dot",
}  # fmt: skip

#: Names of weights, as the last part of their path.
WEIGHTS: Mapping[str, str] = {
    "W": "kernel",
    "b": "bias",
    "U": "recurrent_kernel",
    "running_mean": "moving_mean",
    "running_std": "moving_variance",  # it always held the variance
}

#: (scale, mode, distribution) of VarianceScaling that have names of their own.
VARIANCE_SCALING: Mapping[tuple[float, str, str], str] = {
    (1.0, "fan_avg", "uniform"): "glorot_uniform",
    (1.0, "fan_avg", "normal"): "glorot_normal",
    (1.0, "fan_in", "uniform"): "lecun_uniform",
    (1.0, "fan_in", "normal"): "lecun_normal",
    (2.0, "fan_in", "uniform"): "he_uniform",
    (2.0, "fan_in", "normal"): "he_normal",
}


def layer_name(name: str) -> str:
    """A layer's class name today."""
    return LAYERS.get(name, name)


def settings(kind: str, config: Mapping[str, Any], major: int) -> dict[str, Any]:
    """A component's parameters under today's names, with the defaults that held then; today's names win.

    Args:
        kind: today's class name.
        config: as the file has it.
        major: the major version of Keras that wrote it.
    """
    own = OWN_PARAMETERS.get(kind, {})
    found: dict[str, Any] = {}
    for key, value in config.items():
        name = own.get(key) or PARAMETERS.get(key, "data_format" if key == "dim_ordering" else key)
        if name != key and name in config:
            continue
        words = VALUES.get(name, {})
        found[name] = words.get(value, value) if isinstance(value, str) else value
    for names in KERNEL_SIZES:
        sizes = [found.pop(name, None) for name in names]
        if None not in sizes:
            found.setdefault("kernel_size", sizes)
    for name, (last, value) in DEFAULTS.get(kind, {}).items():
        if major <= last:
            found.setdefault(name, value)
    return found


def activation_name(name: str, major: int) -> str:
    """An activation as it was meant by the Keras of that major version."""
    return "hard_sigmoid_keras2" if name == "hard_sigmoid" and major < 3 else name


def weight_name(path: str, layer: str) -> str:
    """Today's name of a weight from its path in a file: ``dense_1/kernel:0``, ``dense_1_W``, ``gru/gru_cell/bias``."""
    last = path.rpartition("/")[2].partition(":")[0]
    last = last.removeprefix(f"{layer}_")
    return WEIGHTS.get(last, last)

"""log_cosh_error: errors that count squared when small and in proportion when large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from engine.catalogue.metrics.base import NAME_HELP, Metric, Name
from engine.component import component, setting
from engine.kernels.metrics_means import log_coshes


@component
class LogCoshError(Metric):
    """mean of log(cosh(prediction - target)).

    Source: Keras 3, ``keras.metrics.LogCoshError``.
    """

    key: ClassVar[str] = "log_cosh_error"
    usual: ClassVar[str] = "logcosh"
    title: ClassVar[str] = "Log-cosh error"
    aliases: ClassVar[tuple[str, ...]] = ("LogCoshError", "logcosh", "log_cosh")
    better: ClassVar[str] = "lower"

    name: Name = setting(None, NAME_HELP, advanced=True)

    def kernel(self) -> Callable[..., None]:
        return log_coshes

    def value(self, target: Any, prediction: Any) -> float:
        size = np.abs(prediction - target)
        return float(np.mean(size + np.log1p(np.exp(-2 * size)) - np.log(2)))

"""Makes ``arguments.npz``: what the classes of Keras 3.15.1 take, in order and with defaults.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_golden_arguments.py``.
"""

from __future__ import annotations

import inspect
import json
from types import ModuleType

import keras
import numpy as np
from golden import target

#: Where the classes of a kind stand.
HOMES: dict[str, ModuleType] = {
    "layer": keras.layers,
    "loss": keras.losses,
    "metric": keras.metrics,
    "optimizer": keras.optimizers,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
    "callback": keras.callbacks,
    "schedule": keras.optimizers.schedules,
}
#: The mark of an argument that must be given.
NEEDED = "(needed)"


def arguments(cls: type) -> dict[str, object]:
    """Names and defaults of what a class takes by name, in order."""
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    told = list(inspect.signature(cls.__init__).parameters.values())[1:]
    return {p.name: NEEDED if p.default is inspect.Parameter.empty else p.default for p in told if p.kind in plain}


if __name__ == "__main__":
    found = {
        f"{kind}/{name}": np.array(json.dumps(arguments(cls), default=str))
        for kind, home in HOMES.items()
        for name, cls in sorted(vars(home).items())
        if inspect.isclass(cls) and name[0].isupper()
    }
    np.savez_compressed(target("arguments.npz"), **found)
    print(f"{len(found)} classes of Keras {keras.__version__}")

"""Computes an export with Keras, as a program: ``python keras_runner.py FILE SAMPLES ANSWERS``.

FILE is a ``.keras`` archive, or a script that was written with its weights. SAMPLES and ANSWERS are ``.npz`` files
whose arrays stand in the order of the model's inputs and outputs. It prints who computed, and ends with the code 3
where Keras cannot start.
"""

from __future__ import annotations

import importlib
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np


def main(keras: Any, place: Path, samples: str, answers: str) -> None:
    """Load, predict and write."""
    if place.suffix == ".py":
        script = runpy.run_path(str(place))
        model = script["make_model"]()
        model.load_weights(script["WEIGHTS"])
    else:
        model = keras.saving.load_model(place, safe_mode=True)
    given = np.load(samples, allow_pickle=False)
    x = [given[name] for name in given.files]
    y = model.predict(x if len(x) > 1 else x[0], batch_size=len(x[0]), verbose=0)
    np.savez(answers, *(np.asarray(value) for value in (y if isinstance(y, list) else [y])))
    print(f"Keras {keras.__version__} with {keras.backend.backend()}")


if __name__ == "__main__":
    try:
        found = importlib.import_module("keras")
    except Exception as error:  # a backend may fail in any way
        print(f"{type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr)  # the last line is passed on
        sys.exit(3)
    main(found, Path(sys.argv[1]), sys.argv[2], sys.argv[3])

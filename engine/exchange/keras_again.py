"""Computes an exported Keras script with Layerloom: ``python -m engine.exchange.keras_again FILE SAMPLES ANSWERS``.

Layerloom's own layers have Keras's names, so the script runs when its import lines are changed. It prints who
computed, and ends with the code 3 where the script uses a layer that Layerloom only writes for Keras.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np

import engine
from engine import initializers, layers, losses, metrics, models, optimizers, regularizers
from engine.exchange.importing.shelves import FOLDERS
from engine.exchange.parcel import Array

#: What the script's import lines become; the modules are loaded above.
IMPORTS = (
    (re.compile(r"^import keras$", re.MULTILINE), "import engine as keras"),
    (re.compile(r"^from keras import ", re.MULTILINE), "from engine import "),
)
LOADED = (initializers, layers, losses, metrics, models, optimizers, regularizers)


def main(place: Path, samples: str, answers: str) -> int:
    """Run the script, give the layers their weights, predict and write."""
    source = place.read_text(encoding="utf-8")
    missing = sorted({name for name in re.findall(r"\blayers\.(\w+)\(", source) if name not in layers.HANDLES})
    if missing:
        print(f"Layerloom itself has no layer {missing[0]}", file=sys.stderr)
        return 3
    if "(layers.Layer):" in source:
        print("Layerloom itself does not compute with keras.ops", file=sys.stderr)
        return 3
    for pattern, ours in IMPORTS:
        source = pattern.sub(ours, source)
    script: dict[str, Any] = {"__name__": "script", "__file__": str(place)}
    exec(compile(source, str(place), "exec"), script)
    model = script["make_model"]()
    for name, arrays in weights_of(script["WEIGHTS"]).items():
        model.get_layer(name).set_weights(arrays)
    given = np.load(samples, allow_pickle=False)
    x = [given[name] for name in given.files]
    y = model.predict(x if len(x) > 1 else x[0], batch_size=len(x[0]), verbose=0)
    np.savez(answers, *(y if isinstance(y, list) else [y]))
    print(f"Layerloom {engine.__version__} in place of Keras")
    return 0


def weights_of(place: Path) -> dict[str, list[Array]]:
    """Arrays by layer name, as each group of a ``.weights.h5`` states it."""
    with h5py.File(place) as file:
        groups = {str(group["vars"].attrs["name"]): _arrays(group) for group in file["layers"].values()}
    return {name: arrays for name, arrays in groups.items() if arrays}


def _arrays(group: Any) -> list[Array]:
    """Arrays of a layer, then those of the layers within it."""
    own = group.get("vars", {})
    found = [np.asarray(own[str(n)]) for n in range(len(own))]
    for key in sorted((key for key in group if key in FOLDERS), key=lambda key: FOLDERS[key]):
        found += _arrays(group[key])
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))

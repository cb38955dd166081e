"""Loads, runs and trains exports with Keras, as a program: ``python peer.py FOLDER``.

Every folder in FOLDER is a case: ``model.keras``, ``samples.npz``, ``code/*.py`` and, where it is to be trained,
``train.npz`` with ``x``, ``y`` and ``batch``. It writes ``file.npz``, ``code.npz`` and ``trained.npz`` with what Keras
answers or ends up with, and ``report.json``.
"""

from __future__ import annotations

import json
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np


def answers(model: Any, samples: Path) -> list[Any]:
    given = np.load(samples)
    x = [given[name] for name in given.files]
    y = model.predict(x if len(x) > 1 else x[0], verbose=0)
    return [np.asarray(value) for value in (y if isinstance(y, list) else [y])]


def trained(model: Any, case: Path) -> dict[str, Any]:
    given = np.load(case / "train.npz")
    batch = int(given["batch"])
    history = model.fit(given["x"], given["y"], batch_size=batch, epochs=1, shuffle=False, verbose=0).history
    numbers = {f"logs/{name}": np.asarray(values) for name, values in history.items()}
    return numbers | {f"weight/{place}": array for place, array in enumerate(model.get_weights())}


def listed(config: Any) -> Any:
    """A configuration without tuples: what was loaded has lists where scripts write those."""
    return json.loads(json.dumps(config, default=str))


def look(case: Path) -> dict[str, Any]:
    keras.backend.clear_session()
    loaded = keras.saving.load_model(case / "model.keras", safe_mode=True)
    np.savez(case / "file.npz", *answers(loaded, case / "samples.npz"))
    keras.backend.clear_session()
    script = runpy.run_path(str(next((case / "code").glob("*.py"))))
    made = script["make_model"]()
    made.load_weights(script["WEIGHTS"])
    np.savez(case / "code.npz", *answers(made, case / "samples.npz"))
    if (case / "train.npz").exists():
        np.savez(case / "trained.npz", **trained(loaded, case))
    return {
        "layers": [layer.name for layer in loaded.layers],
        "same": listed(loaded.get_config()) == listed(made.get_config()),
        "compiled": [bool(model.compiled) for model in (loaded, made)],
        "same_compiled": loaded.get_compile_config() == made.get_compile_config(),
    }


def main(folder: Path) -> None:
    # Keras warns of an optimizer, a layer or weights that it does not find in a file.
    warnings.simplefilter("error", UserWarning)
    report = {}
    for case in sorted(folder.iterdir()):
        try:
            report[case.name] = look(case)
        except Exception as error:  # every case is judged by itself
            report[case.name] = {"error": f"{type(error).__name__}: {error}"}
    about = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": report}
    (folder / "report.json").write_text(json.dumps(about), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Models of every dialect compute here what they computed where they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.exchange.importing.importer import import_model
from engine.train.predictor import Predictor

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path.name for path in GOLDEN.iterdir() if path.suffix in (".keras", ".h5"))
ANSWERS = ("answers.npz", "answers_windows.npz")
#: Files that hold the model of another one.
SAME = {"keras_2_15.keras": "dense"}


@pytest.mark.parametrize("name", FILES)
def test_it_answers_as_where_it_comes_from(name: str) -> None:
    found = import_model(GOLDEN / name)
    answers = {key: array for file in ANSWERS for key, array in np.load(GOLDEN / file).items()}
    model = SAME.get(name, Path(name).stem)
    graph = found.project.graph

    assert found.state is not None
    predictor = Predictor(graph, found.state.weights, threads=1)
    given = {key: answers[f"{model}/in{n}"] for n, key in enumerate(graph.inputs)}
    got = predictor.predict(given)

    wanted = [answers[key] for key in sorted(answers) if key.startswith(f"{model}/out")]
    assert list(got) == list(graph.outputs)
    assert len(wanted) == len(got)
    for values, expected in zip(got.values(), wanted, strict=True):
        difference = np.abs(values - expected).max() / np.abs(expected).max()
        print(f"{name}: {difference:.1e}")
        assert difference < 1e-5

"""``import`` makes a project that opens, answers, and says what was lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api.loading import load_model
from engine.cli.app import main
from tests.engine.exchange.importing.odd_files import GOLDEN


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(word) for word in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_an_imported_model_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "dense.keras", tmp_path)
    code, out, err = run(capsys, "import", tmp_path / "dense.keras")
    assert code == 0
    assert "holds the model" in out
    assert "Note: Carried: 10 layers" in err

    answers = np.load(GOLDEN / "answers.npz")
    np.save(tmp_path / "x.npy", answers["dense/in0"])
    code, out, _ = run(capsys, "predict", tmp_path / "dense.loom", tmp_path / "x.npy", "--json")
    found: dict[str, Any] = json.loads(out)
    (values,) = (output["values"] for output in found["outputs"].values())
    assert code == 0
    assert np.allclose(values, answers["dense/out0"], rtol=1e-5, atol=1e-7)


def test_training_goes_on_from_the_imported_weights(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "import", GOLDEN / "dense.keras", tmp_path / "dense.loom")
    model = load_model(tmp_path / "dense.loom")
    answers = np.load(GOLDEN / "answers.npz")
    x, y = answers["dense/in0"], np.eye(3, dtype="f4")[[0, 1, 2, 0, 1]]
    before = model.predict(x)
    assert np.allclose(before, answers["dense/out0"], rtol=1e-5, atol=1e-7)

    history = model.fit(x, y, epochs=30, batch_size=5, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert np.abs(model.predict(x) - before).max() > 1e-3


def test_the_result_is_told_to_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "import", GOLDEN / "branches.h5", tmp_path / "taken", "--json")
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert (found["project"], found["layers"], found["trained"]) == (str(tmp_path / "taken.loom"), 13, True)
    assert not any("copy of its own" in said for said in found["lost"])


def test_mistakes_are_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "taken.loom").mkdir()
    (tmp_path / "taken.loom" / "notes.txt").write_text("mine")
    (tmp_path / "text.keras").write_text("no model")
    for arguments, told in (
        ((GOLDEN / "dense.keras", tmp_path / "taken"), "exists already"),
        ((tmp_path / "text.keras",), "neither a .keras archive nor an HDF5 file"),
        ((tmp_path / "nothing.keras",), "cannot be opened"),
    ):
        code, out, err = run(capsys, "import", *arguments)
        assert (code, out) == (2, "")
        assert told in err
        assert err.count("\n") == 1

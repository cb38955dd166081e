"""``export`` on the command line: written, proved, told; and one sentence for every mistake."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli.app import main
from engine.datasets import mnist
from engine.exchange.target import TOLERANCE
from engine.exchange.targets import TARGETS


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the small dense network after one epoch."""
    folder = tmp_path_factory.mktemp("given") / "digits.loom"
    assert main(["new", "digits-dense", str(folder)]) == 0
    assert main(["train", str(folder), "--epochs", "1"]) == 0
    return folder


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.key)
def test_every_target_is_written_and_proved(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], target: object
) -> None:
    capsys.readouterr()
    place = tmp_path / f"given{target.suffix}"  # type: ignore[attr-defined]
    code = main(["export", str(trained), str(place), "--to", target.key, "--json"])  # type: ignore[attr-defined]
    told = json.loads(capsys.readouterr().out)

    assert code == 0
    assert place.exists()
    assert told["place"] == str(place)
    if told["compared_by"] is None:
        assert "Not checked" in told["reason"]
    else:
        assert told["samples"] == 32
        assert 0 <= told["difference"] <= TOLERANCE


def test_the_ending_chooses_the_target(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["export", str(trained), str(tmp_path / "a.onnx")]) == 0
    out = capsys.readouterr().out

    assert "ONNX written to" in out
    assert "agrees with Layerloom, largest difference" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.xyz"], "The ending of 'a.xyz' belongs to no export. Choose one with --to: onnx"),
        (["a.onnx", "--to", "nonsense"], "'nonsense' is no export"),
        (["a.txt", "--to", "onnx"], "a file that ends in .onnx; received 'a.txt'"),
        (["no/where/a.onnx"], "There is no folder"),
        (["there.onnx"], "exists already. Choose another name, or add --force"),
    ],
)
def test_mistakes_are_one_sentence(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    (tmp_path / "there.onnx").write_bytes(b"mine")
    capsys.readouterr()
    code = main(["export", str(trained), str(tmp_path / arguments[0]), *arguments[1:]])
    told = capsys.readouterr()

    assert code == 2
    assert sentence in told.err
    assert told.err.count("\n") == 1
    assert (tmp_path / "there.onnx").read_bytes() == b"mine"


def test_what_is_not_trained_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new.loom"
    assert main(["new", "digits-dense", str(folder)]) == 0
    capsys.readouterr()

    assert main(["export", str(folder), str(tmp_path / "c.onnx")]) == 2
    assert "is not trained yet. Train it first" in capsys.readouterr().err


def test_evaluate_tells_the_confusion(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["evaluate", str(trained), "--confusion", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    counts = np.array(told["confusion"])

    assert counts.shape == (10, 10)
    assert counts.sum() == told["samples"]
    assert np.trace(counts) / counts.sum() == pytest.approx(told["figures"]["accuracy"])
    assert main(["evaluate", str(trained), "--confusion"]) == 0
    assert "taken for" in capsys.readouterr().out


def test_predict_writes_a_table(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (_, _), (images, _) = mnist.load_data()
    folder = tmp_path / "pictures"
    folder.mkdir()
    for place in range(3):
        Image.fromarray(images[place].astype(np.uint8)).save(folder / f"{place}.png")
    capsys.readouterr()
    assert main(["predict", str(trained), str(folder), "--csv", str(tmp_path / "a.csv")]) == 0
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines()))

    assert [row[1] for row in rows] == ["name", "0.png", "1.png", "2.png"]
    assert "3 samples answered" in capsys.readouterr().out
    assert main(["predict", str(trained), str(folder), "--csv", str(tmp_path / "no" / "a.csv")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_dark_ink_on_light_paper_is_pointed_out(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (_, _), (images, _) = mnist.load_data()
    Image.fromarray(255 - images[0].astype(np.uint8)).save(tmp_path / "ink.png")
    capsys.readouterr()
    assert main(["predict", str(trained), str(tmp_path / "ink.png")]) == 0
    assert "'ink.png' is dark on light" in capsys.readouterr().err
    assert main(["predict", str(trained), str(tmp_path / "ink.png"), "--invert"]) == 0
    assert "dark on light" not in capsys.readouterr().err


def test_scripts_say_how_numbers_are_scaled(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(trained), str(tmp_path / "np"), "--to", "numpy"]) == 0
    text = (tmp_path / "np" / "network.py").read_text("utf-8")

    assert "It learnt from numbers between 0 and 1" in text
    assert "dividing by 255" in text

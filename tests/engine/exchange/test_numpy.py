"""NumPy scripts run with numpy alone, can be read, and compute what the engine does."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from engine.errors import UsageError
from engine.exchange.numpy_library import convolve, max_pool
from engine.exchange.numpy_target import NumpyScript
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, compared
from engine.templates import TEMPLATES, chain
from tests.engine.exchange.networks import NETWORKS, parcel_named, parcel_of

TARGET = NumpyScript()


def written(parcel: Parcel, room: Path) -> Path:
    assert TARGET.obstacles(parcel) == ()
    TARGET.write(parcel, room)
    assert {file.name for file in room.iterdir()} == {"network.py", "weights.npz"}
    return room / "network.py"


def loaded(parcel: Parcel, room: Path) -> dict[str, Any]:
    return runpy.run_path(str(written(parcel, room)))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-B", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_computes_the_same(name: str, tmp_path: Path) -> None:
    parcel = parcel_named(name)
    given_rows = [parcel.samples[key] for key in parcel.graph.order if key in parcel.samples]

    said = loaded(parcel, tmp_path)["predict"](*given_rows)

    said = said if isinstance(said, tuple) else (said,)
    proof = compared(parcel, "numpy", dict(zip(parcel.graph.outputs, said, strict=True)))
    assert proof.share <= 1e-5
    assert {answer.dtype for answer in said} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["residual", "several inputs and outputs", "hostile labels", "gelu-image"])
def test_the_proof_runs_the_script_by_itself(name: str, tmp_path: Path) -> None:
    parcel = parcel_named(name)

    proof = TARGET.prove(parcel, written(parcel, tmp_path).parent)

    assert isinstance(proof, Proof)
    assert proof.samples == 6
    assert proof.share <= 1e-5


@pytest.mark.parametrize("module", ["scipy", "engine", "numba.core"])
def test_a_script_that_needs_more_than_numpy_is_refused(module: str, tmp_path: Path) -> None:
    parcel = parcel_named("Dense-0")
    script = written(parcel, tmp_path)
    script.write_text(script.read_text().replace("import sys\n", f"import sys\nimport {module}\n", 1))

    with pytest.raises(UsageError, match=f"network.py does not run: .*{module.partition('.')[0]}"):
        TARGET.prove(parcel, tmp_path)


def test_from_the_command_line(tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["softmax-rows"], classes=tuple("abcdefg"))
    script = written(parcel, tmp_path)
    (samples,) = parcel.samples.values()
    np.save(tmp_path / "samples.npy", samples)

    shown = run(script, tmp_path / "samples.npy")
    run(script, tmp_path / "samples.npy", tmp_path / "answers.npz")
    explained = run(script)

    (answers,) = parcel.answers.values()
    assert shown.stderr == explained.stderr == ""
    lines = shown.stdout.splitlines()
    assert lines[0] == "dense (6, 7)"
    assert [line.split()[1] for line in lines[1:]] == ["abcdefg"[best] for best in answers.argmax(axis=1)]
    assert np.allclose(np.load(tmp_path / "answers.npz")["dense"], answers, atol=1e-6)
    assert "samples.npy" in explained.stdout


def test_more_samples_than_fit_at_once_and_none(tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["residual"], rows=250)
    module = loaded(parcel, tmp_path)
    (samples,) = parcel.samples.values()
    for rows in (samples, samples[:0]):
        np.save(tmp_path / "s.npy", rows)
        module["main"](tmp_path / "s.npy", tmp_path / "a.npz")
        (wanted,) = parcel.answers.values()

        assert np.allclose(np.load(tmp_path / "a.npz")["out"], wanted[: len(rows)], atol=1e-5)


def test_pictures_may_come_without_their_channel_axis(tmp_path: Path) -> None:
    parcel = parcel_of(TEMPLATES["digits-convolution"].make().graph, rows=3)
    (samples,), (wanted,) = parcel.samples.values(), parcel.answers.values()

    assert np.allclose(loaded(parcel, tmp_path)["predict"](samples[..., 0]), wanted, atol=1e-5)


def test_large_sums_give_no_warning(tmp_path: Path) -> None:
    graph = chain(("Input", {"shape": (2,)}), ("Activation", {"activation": "sigmoid"}))

    answer = loaded(parcel_of(graph), tmp_path)["predict"](np.array([[-1e4, 1e4]]))

    assert answer.tolist() == [[0, 1]]


@pytest.mark.parametrize("name", ["residual", "gelu-image", "elu-set", "hostile labels"])
def test_the_script_is_python_39_and_defines_what_it_uses_once(name: str, tmp_path: Path) -> None:
    text = written(parcel_named(name), tmp_path).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))

    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert len(functions) == len(set(functions))
    assert set(functions) <= called
    assert max(map(len, text.splitlines())) <= 140


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters()), st.text(st.characters(), max_size=9), st.text(st.characters()))
def test_no_text_becomes_code(
    tmp_path_factory: pytest.TempPathFactory, name: str, label: str, label_class: str
) -> None:
    graph = chain(("Input", {"shape": (2,)}), ("Dense", {"units": 2}), ("Dense", {"units": 2})).labelled("dense", label)
    plain = parcel_of(NETWORKS["one input alone"], "plain")
    parcel = Parcel(name, graph, parcel_of(graph).weights, plain.samples, classes=(label_class, name))

    module = loaded(parcel, tmp_path_factory.mktemp("script"))

    assert (module["NAME"], module["CLASSES"]) == (name, (label_class, name))
    assert set(module["W"]) == {
        f"{parcel.names[key]}.{what}" for key in ("dense", "dense_1") for what in ("kernel", "bias")
    }


@pytest.mark.parametrize("name", ["a'''b", '"""\nimport os\n"""', "\\", "{0}{x}", "\u2028x = 1"])
def test_a_hostile_project_name_is_a_text(name: str, tmp_path: Path) -> None:
    assert loaded(parcel_of(NETWORKS["Dense-0"], name), tmp_path)["NAME"] == name


def test_convolution_is_the_textbooks() -> None:
    random = np.random.default_rng(0)
    x, kernel = random.random((2, 6, 7, 2)), random.random((3, 2, 2, 3))

    y = convolve(x, kernel, None, (1, 1), (1, 1), ((0, 0), (0, 0)), 1)

    wanted = sum(signal.correlate(x[1, :, :, c], kernel[:, :, c, 2], "valid") for c in range(2))
    assert np.allclose(y[1, :, :, 2], wanted)


def test_pooling_never_takes_the_border() -> None:
    y = max_pool(np.full((1, 2, 2, 1), -5.0), (2, 2), (1, 1), (1, 1), ((1, 1), (1, 1)))

    assert np.array_equal(y, np.full((1, 3, 3, 1), -5.0))

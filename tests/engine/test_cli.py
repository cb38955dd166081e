"""The command line: what it prints, what it saves, and one sentence for every mistake."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.catalogue.sources.mnist import digits
from engine.catalogue.sources.npz_file import NpzFile
from engine.cli import saving
from engine.cli.app import app
from engine.io import load_project, save_project
from engine.project import Project, TrainConfig
from engine.templates import TEMPLATES, chain
from tests.engine.commands import run, told

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small network on 600 of the digits, whose file lies in the project."""
    folder = tmp_path / "small.loom"
    folder.mkdir()
    images, labels = digits("train")
    x = (images.values[:600, ::2, ::2] * 255).astype(np.uint8)
    np.savez_compressed(folder / "digits.npz", x=x, y=labels.values[:600])
    graph = chain(
        ("Input", {"shape": (14, 14, 1)}),
        ("Flatten", {}),
        ("Dense", {"units": 32, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    source = NpzFile(path=str(folder / "digits.npz"))
    save_project(folder, Project(graph, TrainConfig(epochs=4, batch_size=32), source), None)
    return folder


def weights(folder: Path) -> dict[str, bytes]:
    """The saved weights as bytes."""
    state = load_project(folder).state
    assert state is not None
    return {f"{node}.{name}": v.tobytes() for node, group in state.weights.items() for name, v in group.items()}


@pytest.mark.parametrize("template", TEMPLATES)
def test_new_makes_every_template(capsys: pytest.CaptureFixture[str], tmp_path: Path, template: str) -> None:
    found = told(capsys, "new", template, tmp_path / "a b")
    assert found["project"] == str(tmp_path / "a b.loom")
    assert load_project(tmp_path / "a b.loom").project == TEMPLATES[template].make()
    code, _, err = run(capsys, "new", template, tmp_path / "a b.loom")
    assert code == 2
    assert "exists already. Choose another name." in err


def test_new_lists_the_templates(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = told(capsys, "new", "--list")["templates"]
    assert [row["template"] for row in rows] == list(TEMPLATES)
    assert {row["template"] for row in rows if row["needs"]} == {"hand-signs", "cats-and-dogs", "vgg16"}
    code, out, _ = run(capsys, "new", "--list")
    assert code == 0
    assert all(name in out for name in TEMPLATES)
    code, out, err = run(capsys, "new", "hand-signs", tmp_path / "hands")
    assert code == 0
    assert "307,615 parameters" in out.replace("\n", " ")
    assert "needs photographs of hand signs" in err
    code, _, err = run(capsys, "new", "line")
    assert code == 2
    assert "Name a template and a place" in err


def test_training_goes_on_where_it_was_saved(capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path) -> None:
    straight = tmp_path / "straight.loom"
    found = told(capsys, "train", project, "--out", straight)
    assert (found["reason"], found["epochs"], found["updates"]) == ("done", 4, 4 * 15)
    assert load_project(project).state is None  # --out leaves it as it was
    assert told(capsys, "train", project, "--epochs", 1)["epochs"] == 1
    assert told(capsys, "train", project, "--epochs", 2)["epochs"] == 3
    assert told(capsys, "train", project)["epochs"] == 4
    assert weights(project) == weights(straight)
    code, _, err = run(capsys, "train", project)
    assert code == 2
    assert "has had its 4 epochs. Add --epochs N" in err


def test_settings_are_taken_and_kept(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    told(capsys, "train", project, "--epochs", 1)
    first = weights(project)
    found = told(capsys, "train", project, "--fresh", "--epochs", 1, "--seed", 5, "--batch-size", 48)
    assert found["updates"] == 10
    assert weights(project) != first
    saved = load_project(project).project.training
    assert (saved.seed, saved.batch_size, saved.epochs) == (5, 48, 4)
    told(capsys, "train", project, "--fresh", "--epochs", 1, "--seed", 0, "--batch-size", 32)
    assert weights(project) == first


def test_evaluate_and_summary_agree_with_training(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    trained = told(capsys, "train", project)
    judged = told(capsys, "evaluate", project)
    assert (judged["samples"], judged["held_back"], judged["epochs"]) == (120, True, 4)
    assert judged["figures"]["accuracy"] == trained["figures"]["val_accuracy"]
    assert judged["figures"]["loss"] == pytest.approx(trained["figures"]["val_loss"], rel=1e-5)
    assert judged["figures"]["accuracy"] > 0.4  # guessing gives 0.1
    shown = told(capsys, "summary", project)
    assert shown["trainable"] == 196 * 32 + 32 + 32 * 10 + 10
    assert [layer["output"] for layer in shown["layers"]] == ["14 × 14 × 1", "196", "32", "10"]
    assert shown["trained"]["epochs"] == 4
    assert shown["problems"] == []
    code, out, _ = run(capsys, "summary", project)
    assert code == 0
    assert "Parameters: 6,634 trained" in out
    assert "Trained: 4 epochs, 60 updates." in out
    code, out, _ = run(capsys, "evaluate", project)
    assert code == 0
    assert "small.loom on 120 held-back samples" in out


def test_an_edited_network_is_judged_as_it_was_trained(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    told(capsys, "train", project, "--epochs", 1)
    before = told(capsys, "evaluate", project)
    opened = load_project(project)
    graph = opened.project.graph
    moved = graph.moved(["dense"], (5.0, 5.0))
    save_project(project, opened.project.with_graph(moved), opened.state)
    assert told(capsys, "evaluate", project) == before
    edited = graph.with_layer("dense", graph.nodes["dense"].layer.changed(units=7))
    save_project(project, opened.project.with_graph(edited), opened.state)
    code, out, err = run(capsys, "evaluate", project, "--json")
    assert (code, json.loads(out)) == (0, before)
    assert "was edited after it was trained" in err


def test_predict_reads_every_kind_of_file(capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path) -> None:
    told(capsys, "train", project, "--epochs", 2)
    with np.load(project / "digits.npz") as arrays:
        x = arrays["x"][:5]
    np.save(tmp_path / "bytes.npy", x)
    np.save(tmp_path / "floats.npy", x.astype(np.float32) / np.float32(255))
    np.save(tmp_path / "one.npy", x[0])
    np.savez(tmp_path / "named.npz", input=x)
    np.savez(tmp_path / "other.npz", whatever=x, more=np.zeros(3))
    idx = bytes([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 14, 0, 0, 0, 14]) + x.tobytes()
    (tmp_path / "digits-idx3-ubyte").write_bytes(idx)
    Image.fromarray(x[0, ..., 0]).save(tmp_path / "seven.png")
    Image.fromarray(255 - x[0, ..., 0]).save(tmp_path / "paper.png")
    wanted = told(capsys, "predict", project, tmp_path / "bytes.npy")["outputs"]["dense_1"]
    assert np.shape(wanted["values"]) == (5, 10)
    assert set(wanted["classes"]) <= set("0123456789")
    assert wanted["probabilities"] == [max(row) for row in wanted["values"]]
    for name in ("floats.npy", "named.npz", "other.npz", "digits-idx3-ubyte"):
        assert told(capsys, "predict", project, tmp_path / name)["outputs"]["dense_1"] == wanted, name
    for name, more in (("one.npy", ()), ("seven.png", ()), ("paper.png", ("--invert",))):
        values = told(capsys, "predict", project, tmp_path / name, *more)["outputs"]["dense_1"]["values"]
        np.testing.assert_allclose(values, wanted["values"][:1], atol=1e-6)
    code, out, err = run(capsys, "predict", project, tmp_path / "bytes.npy", "--limit", 2)
    assert code == 0
    assert "the first 2 of 5 samples" in out
    assert "divided by 255" in err


def mistakes(project: Path, folder: Path) -> dict[str, tuple[str, ...]]:
    """Commands that cannot work, by a part of what they must say."""
    np.save(folder / "wide.npy", np.zeros((2, 9, 9), np.float32))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
    (folder / "text.npy").write_text("hello")
    p = str(project)
    return {
        "No such command 'nonsense'": ("nonsense",),
        "Missing argument 'PROJECT'": ("train",),
        "Invalid value for '--epochs'": ("train", p, "--epochs", "many"),
        "No such option": ("train", p, "--epoch-count", "3"),
        "There is no project in 'gone.loom'": ("train", str(folder / "gone.loom")),
        "There is no template 'x'; there are empty, digits-dense": ("new", "x", str(folder / "n")),
        "is not trained yet. Train it first": ("evaluate", p),
        "is not trained yet": ("predict", p, str(folder / "wide.npy")),
        "There is no workload 'huge'; there are mlp, cnn": (
            "bench",
            "--workload",
            "huge",
        ),
        "There is no peer 'abacus'": ("bench", "--peer", "abacus"),
        "batch_size must be a whole number": ("train", p, "--batch-size", "2000000"),
    }


def test_every_mistake_gets_one_sentence(capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path) -> None:
    for sentence, command in mistakes(project, tmp_path).items():
        code, out, err = run(capsys, *command)
        assert (code, out) == (2, ""), command
        assert sentence in err
        assert err.count("\n") == 1, err
        assert "Traceback" not in err


def test_inputs_that_do_not_fit_get_one_sentence(
    capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path
) -> None:
    mistakes(project, tmp_path)
    told(capsys, "train", project, "--epochs", 1)
    np.savez(tmp_path / "empty.npz", a=np.zeros(3))
    for name, sentence in {
        "wide.npy": "'input' takes samples of 14 × 14 × 1, but the file holds 2 × 9 × 9",
        "broken.png": "'broken.png' holds no picture of the kinds PNG, JPEG, BMP, GIF",
        "text.npy": "'text.npy' is not one of NumPy's arrays",
        "absent.npy": "'absent.npy' cannot be opened: no such file",
        "empty.npz": "has no array for 'input' (14 × 14 × 1); it holds a",
    }.items():
        if name == "text.npy":
            (tmp_path / name).write_text("hello, this is no array")
        code, out, err = run(capsys, "predict", project, tmp_path / name)
        assert (code, out) == (2, "")
        assert sentence in err
        assert err.count("\n") == 1


def test_data_outside_the_folder_need_a_word(capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "d.npz"
    os.rename(project / "digits.npz", outside)
    saved = load_project(project).project
    save_project(project, saved.with_source(NpzFile(path=str(outside))), None)
    code, _, err = run(capsys, "train", project, "--epochs", 1)
    assert code == 2
    assert "lie outside its folder. Add --outside-data" in err
    assert told(capsys, "train", project, "--epochs", 1, "--outside-data")["epochs"] == 1


def test_a_network_with_a_fault_says_which(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told(capsys, "new", "empty", tmp_path / "e")
    code, _, err = run(capsys, "train", tmp_path / "e")  # .loom may be left out
    assert code == 2
    assert "The project has no data yet" in err
    made = TEMPLATES["digits-dense"].make()
    save_project(tmp_path / "f.loom", made.with_graph(made.graph.without(["flatten"])), None)
    code, _, err = run(capsys, "train", tmp_path / "f.loom")
    assert code == 2
    assert "has nothing connected to its input" in err


def test_control_characters_of_a_project_reach_no_terminal(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    saved = load_project(project).project
    graph = saved.graph.labelled("dense", "[red]bold[/red] \x1b[31m:smile:")
    save_project(project, saved.with_graph(graph), None)
    code, out, _ = run(capsys, "summary", project)
    assert code == 0
    assert "\x1b[31m" not in out
    assert "[red]bold[/red]" in out.replace("\n", "")
    assert ":smile:" in out


def test_a_run_that_diverges_says_so_and_saves(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    saved = load_project(project).project
    wild = saved.training.changed(optimizer={"type": "SGD", "learning_rate": 1e30})
    save_project(project, saved.with_training(wild), None)
    code, _, err = run(capsys, "train", project, "--epochs", 3)
    assert code == 2
    assert "Training stopped at update" in err
    assert all(np.isfinite(np.frombuffer(data, np.float32)).all() for data in weights(project).values())


def test_the_target_is_looked_at_before_training(
    capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "letter.txt").write_text("mine")
    other = tmp_path / "other.loom"
    told(capsys, "new", "digits-dense", other)
    damaged = tmp_path / "damaged.loom"
    damaged.mkdir()
    (damaged / "project.json").write_text("{")
    before = (other / "project.json").read_bytes()
    for target, sentence in {
        tmp_path / "file": "is a file, not a folder. Choose another name after --out.",
        tmp_path / "files": "holds files that are no project. Choose another name after --out, or add --force.",
        other: "holds another project already. Choose another name after --out, or add --force to save over it.",
        damaged: "holds another project already.",
        tmp_path / "gone" / "x.loom": "to save in. Make it first, or choose another --out.",
    }.items():
        code, out, err = run(capsys, "train", project, "--epochs", 100000, "--out", target)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert sentence in err
    assert (other / "project.json").read_bytes() == before
    assert told(capsys, "train", project, "--epochs", 1, "--out", other, "--force")["epochs"] == 1
    assert told(capsys, "train", project, "--epochs", 2, "--out", other)["epochs"] == 2  # the same network by now
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["letter.txt"]


def test_it_saves_within_an_epoch(
    capsys: pytest.CaptureFixture[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.0)
    told(capsys, "train", project, "--epochs", 1)
    steps = [load_project(project, number).state for number in (2, 3)]
    assert all(state is not None and 0 < state.batch < 15 for state in steps)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be moved there")
def test_what_cannot_be_saved_goes_to_the_cache_folder(
    capsys: pytest.CaptureFixture[str], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.0)
    monkeypatch.setenv("LAYERLOOM_CACHE", str(tmp_path / "cache"))
    stick = tmp_path / "stick"
    stick.mkdir()

    def unplug() -> None:
        while not (stick / "x.loom" / "project.json").exists():
            time.sleep(0.001)
        stick.rename(tmp_path / "unplugged")

    thief = threading.Thread(target=unplug)
    thief.start()
    code, out, err = run(capsys, "train", project, "--out", stick / "x.loom", "--json")
    thief.join()
    assert (code, out) == (2, "")
    first, *_, last = err.splitlines()
    assert first.startswith("Note: The folder for 'x.loom' is gone")
    assert err.count("Training goes on and tries again") == 1
    found = re.search(r"What was learned is kept in '(.*)': move it", last)
    assert found is not None, err
    assert Path(found[1]).parent == tmp_path / "cache" / "rescued"
    state = load_project(Path(found[1])).state
    assert state is not None
    assert (state.epoch, state.step) == (4, 60)
    straight = tmp_path / "straight.loom"
    told(capsys, "train", project, "--out", straight)
    assert weights(Path(found[1])) == weights(straight)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal of POSIX here")
def test_ctrl_c_stops_at_a_batch_saves_and_the_next_run_goes_on(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    command = [sys.executable, "-m", "engine.cli", "train", str(project), "--epochs", "100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Epoch 1/100000")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Stopping after this batch" in err
    assert out.startswith("Stopped after")
    state = load_project(project).state
    assert state is not None
    assert state.step == state.epoch * 15 + state.batch
    stopped = state.step
    assert told(capsys, "train", project, "--epochs", 1)["updates"] == (state.epoch + 1) * 15 >= stopped
    straight = project.with_name("straight.loom")
    told(capsys, "train", project, "--fresh", "--epochs", state.epoch + 1, "--out", straight)
    assert weights(straight) == weights(project)


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    names = [command.name for command in app.registered_commands]
    assert names == ["new", "train", "evaluate", "predict", "export", "import", "summary", "bench", "docs", "selfcheck"]
    for name in names:
        code, out, err = run(capsys, name, "--help")
        assert (code, err) == (0, "")
        assert f"python3 main.py {name}" in out
        assert "For example" in out
    code, out, _ = run(capsys)
    assert code == 0
    assert all(str(name) in out for name in names)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert re.fullmatch(r"Layerloom \d+\.\d+\.\d+\n", out)

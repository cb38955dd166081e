"""Plug-ins: a package with an entry point adds components; a broken one is told of and skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins import BROKEN, KINDS, all_broken, environment, example_files, installed, ran, registered, written


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation's example, installed by pip."""
    source = written(tmp_path_factory.mktemp("source") / "reverse", example_files())
    target = tmp_path_factory.mktemp("installed")
    installed(source, target)
    return target


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return all_broken(tmp_path_factory.mktemp("broken") / "rubbish")


def test_the_example_has_ten_lines() -> None:
    lines = [line for line in example_files()["reverse_layer.py"].splitlines() if line.strip()]

    assert len(lines) <= 10


USING = """
import json, sys
from pathlib import Path
import numpy as np
from engine import Sequential, registry
from engine.component import resolved
from engine.io import load_project, save_project
from engine.layers import Dense, Flatten, Input, Reverse
from engine.templates import TEMPLATES
from engine.graph import Node

assert registry.plugin_faults == ()
model = Sequential([Input((3, 2)), Reverse(), Flatten(), Dense(1)])
model.compile(loss="mse", optimizer="sgd")
x = np.arange(24.0).reshape(4, 3, 2) / 24
losses = model.fit(x, x[:, 0, :1], epochs=2, verbose=0).history["loss"]
assert losses[1] < losses[0]
only = Sequential([Input((3, 2)), Reverse()])
assert np.array_equal(only.predict(x, verbose=0), x[:, ::-1].astype("float32"))

folder = Path(sys.argv[1])
project = TEMPLATES["digits-dense"].make()
project = project.with_graph(project.graph.add(Node("turned", resolved("layer", "Reverse"))))
save_project(folder, project, None)
opened = load_project(folder)
assert opened.project == project and not opened.problems
print(json.dumps(opened.project.graph.nodes["turned"].layer.to_json()))
"""


def test_the_example_works_in_python_and_in_project_files(example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "turned.loom"
    result = ran(USING.replace("sys.argv[1]", repr(str(folder))), example)

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {"type": "Reverse"}
    assert '"Reverse"' in (folder / "project.json").read_text("utf-8")
    without = ran(
        f"from engine.io import load_project\nprint(load_project(__import__('pathlib').Path({str(folder)!r})))"
    )
    assert "Missing" in without.stdout


def test_the_command_line_knows_it_too(example: Path, tmp_path: Path) -> None:
    folder = tmp_path / "turned.loom"
    assert ran(USING.replace("sys.argv[1]", repr(str(folder))), example).returncode == 0
    command = [sys.executable, "-m", "engine.cli", "summary", str(folder), "--json"]
    env = environment(example)
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=env)

    assert "Reverse" in [layer["type"] for layer in json.loads(result.stdout)["layers"]]
    assert result.stderr == ""


SHELF = """
import numpy as np
from engine import Sequential, registry
from engine.layers import Dense, Input
from engine.losses import gentle
from engine.project import Project

loss = gentle()
data = registry.sources.get("Numbers")(count=30).load(None)
model = Sequential([Input((4,)), Dense(1)])
model.compile(loss="Gentle", optimizer="sgd")
x, y = data.inputs["x"].values, data.targets["y"].values
history = model.fit(x, y, epochs=3, verbose=0).history["loss"]
assert history[-1] < history[0]
assert np.isclose(model.evaluate(x, y, verbose=0), loss.value(y, model.predict(x, verbose=0)).mean(), rtol=1e-5)
print(len(registry.plugin_faults))
"""


def test_a_package_adds_losses_and_sources(tmp_path: Path) -> None:
    folder = registered(tmp_path / "shelf-of-things", {"shelf": "shelf"}, KINDS)
    result = ran(SHELF, folder)

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "0"


TELLING = """
from engine import registry
print("\\n".join(registry.plugin_faults))
assert "Mine" not in registry.activations and "Trick" not in registry.activations
assert registry.activations.get("relu").__module__.startswith("engine.")
"""


def test_broken_ones_are_skipped_as_a_whole_with_a_sentence_each(broken: Path, example: Path) -> None:
    result = ran(TELLING + "assert 'Reverse' in registry.layers", broken, example)

    assert result.returncode == 0, result.stderr
    sentences = result.stdout.strip().splitlines()
    assert len(sentences) == len(BROKEN)
    for name, (_, reason) in BROKEN.items():
        (sentence,) = [line for line in sentences if f"'{name}'" in line]
        assert sentence.startswith(f"The plug-in '{name}' was skipped: ")
        assert reason in sentence


def test_the_command_line_and_python_tell_of_broken_ones(broken: Path) -> None:
    command = [sys.executable, "-m", "engine.cli", "--version"]
    env = environment(broken)
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=env)

    assert result.stdout.startswith("Layerloom ")
    assert result.stderr.count("Note: The plug-in '") == len(BROKEN)
    assert "Traceback" not in result.stderr
    warned = ran("import engine.models", broken)
    assert warned.returncode == 0
    assert warned.stderr.count("UserWarning: The plug-in '") == len(BROKEN)

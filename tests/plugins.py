"""Plug-ins to try: the example of the documentation and others, really installed into folders of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plugins.md"

#: More kinds in one package, in two modules.
KINDS = {
    "shelf/__init__.py": "from shelf.things import Gentle, Numbers\n",
    "shelf/things.py": '''
from typing import Annotated, ClassVar
import numpy as np
from engine.catalogue.losses.base import Loss
from engine.catalogue.sources.base import Dataset, Field, Source
from engine.component import component, setting
from engine.constraints import Whole
from engine.kernels.losses_columns import huber

@component
class Gentle(Loss):
    """L = huber with delta 0.1."""
    key, aliases = "gentle", ("Gentle",)
    def constants(self):
        return (0.1,)
    def kernel(self):
        return huber
    def value(self, target, prediction):
        size = np.abs(prediction - target)
        return np.mean(np.where(size <= 0.1, size**2 / 2, 0.1 * size - 0.005), axis=-1)

@component
class Numbers(Source):
    """Rows of four numbers and their sums."""
    count: Annotated[int, Whole(1, 1000)] = setting(20, "How many rows.")
    def load(self, folder):
        x = np.random.default_rng(3).normal(size=(self.count, 4)).astype(np.float32)
        return Dataset({"x": Field(x)}, {"y": Field(x.sum(axis=1, keepdims=True))})
''',
}

#: Plug-ins that fail, each in its own way; the words that name the reason.
BROKEN = {
    "raises": ("from shelf_that_is_not_there import x\n", "ModuleNotFoundError: No module named 'shelf_that_is_not"),
    "leaves": ("import sys\nsys.exit('no licence')\n", "SystemExit: no licence (leaves.py, line 2)"),
    "empty": ("x = 1\n", "holds no declarations"),
    "takes": (
        "from engine.catalogue.activations.base import Activation\nfrom engine.component import component\n"
        "@component\nclass Mine(Activation):\n    '''f(x) = 0.'''\n"
        "@component\nclass Relu(Activation):\n    '''f(x) = 1.'''\n    key = 'relu'\n",
        "two activations are called relu",
    ),
    "hijacks": (
        "from engine.catalogue.activations.base import Activation\nfrom engine.component import component\n"
        "@component\nclass Trick(Activation):\n    '''f(x) = 0.'''\n    aliases = ('relu',)\n",
        "the name relu of the activation Trick belongs to relu",
    ),
}


def example_files() -> dict[str, str]:
    """The files of the documentation's example."""
    blocks = re.findall(r"```(python|toml)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names = {"python": "reverse_layer.py", "toml": "pyproject.toml"}
    return {names[language]: text for language, text in blocks}


def written(folder: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder


def installed(source: Path, target: Path) -> None:
    """Let pip install a package into a folder, without network."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    command += ["--disable-pip-version-check", "--target", str(target), str(source)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr


def registered(folder: Path, modules: dict[str, str], files: dict[str, str]) -> Path:
    """A folder that holds files and the record of an installed package with these entry points."""
    points = "[layerloom]\n" + "".join(f"{name} = {module}\n" for name, module in modules.items())
    facts = f"Metadata-Version: 2.1\nName: {folder.name}\nVersion: 1.0\n"
    record = f"{folder.name}-1.0.dist-info"
    return written(folder, {**files, f"{record}/METADATA": facts, f"{record}/entry_points.txt": points})


def all_broken(folder: Path) -> Path:
    """A folder with every plug-in that fails, as if installed."""
    names = {name: name for name in BROKEN}
    return registered(folder, names, {f"{name}.py": text for name, (text, _) in BROKEN.items()})


def environment(*folders: Path) -> dict[str, str]:
    """The variables of a process that finds plug-ins in these folders."""
    path = os.pathsep.join([*(str(folder) for folder in folders), str(PAGE.parents[1])])
    return os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def ran(code: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    """What a Python program writes in which these plug-ins are installed."""
    command = [sys.executable, "-c", code]
    env = environment(*folders)
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env)

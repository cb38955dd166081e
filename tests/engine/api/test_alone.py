"""Parts of the engine work when they are the first thing a program imports, and names from files do no harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.component import resolved
from engine.errors import ParameterError
from engine.layers import Dense

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "code",
    [
        "from engine.project import Project; assert Project().training.optimizer.key == 'Adam'",
        "from designer.model.document import Document; Document()",
        "from engine.component import registry; assert 'Dense' in registry('layer')",
        "from engine.component import resolved; assert resolved('loss', 'mse').key",
        "import engine.catalogue.layers.dense as d; assert d.Dense(3).activation.key",
        "from engine.registry import layers; assert len(layers) > 10",
    ],
)
def test_one_import_is_enough(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("name", ["self", "__dataclass_self__", "cls"])
def test_a_parameter_called_self_gets_a_sentence(name: str) -> None:
    with pytest.raises(ParameterError, match=f"no parameter '{name}'"):
        resolved("layer", {"type": "Dense", "units": 3, name: 1})
    with pytest.raises(ParameterError, match=f"no parameter '{name}'"):
        Dense(3, **{name: 1})
    with pytest.raises(ParameterError, match=f"no parameter '{name}'"):
        Dense(3).declaration.changed(**{name: 1})

from __future__ import annotations

import importlib

import pytest

MODULES = (
    "activations", "callbacks", "constraints", "datasets", "initializers", "layers", "losses", "metrics", "models",
    "optimizers", "regularizers", "schedules", "utils", "weight_constraints",
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_every_name_that_a_module_gives_away_is_there(name: str) -> None:
    module = importlib.import_module(f"engine.{name}")
    names = getattr(module, "__all__", None) or [key for key in dir(module) if not key.startswith("_")]
    assert names
    for key in names:
        assert getattr(module, key, None) is not None, key

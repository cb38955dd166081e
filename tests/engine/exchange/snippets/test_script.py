"""Python files are projects for the import command."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine.cli.app import app
from engine.exchange.snippets.limits import SnippetError
from engine.exchange.snippets.script import read_script
from engine.io import load_project


def test_the_import_command_takes_code(tmp_path: Path) -> None:
    place = tmp_path / "network.py"
    place.write_text("m = Sequential([Dense(3, input_dim=2)])\nm.compile('sgd', 'mse')", encoding="utf-8")

    result = CliRunner().invoke(app, ["import", str(place)])

    assert result.exit_code == 0, result.output
    assert "2 layers, 9 parameters" in result.output
    opened = load_project(tmp_path / "network.loom")
    assert opened.project.training.loss.key == "mean_squared_error"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"Dense(\x00)", b""])
def test_files_that_are_no_code_get_a_sentence(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "odd.py"
    place.write_bytes(data)

    with pytest.raises(SnippetError):
        read_script(place)

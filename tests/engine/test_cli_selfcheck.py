"""``selfcheck``: templates from new to exported, here."""

from __future__ import annotations

import pytest

from engine.templates import TEMPLATES
from tests.engine.commands import run, told


def assert_checked(capsys: pytest.CaptureFixture[str], names: list[str]) -> None:
    """Let the self-check try these templates."""
    words = [word for name in names for word in ("--template", name)]
    found = told(capsys, "selfcheck", "--samples", 128, *words)
    assert found["ok"]
    assert [row["template"] for row in found["templates"]] == names
    assert all(row["fault"] is None for row in found["templates"])


def test_selfcheck_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert_checked(capsys, ["empty", "digits-dense", "digits-formulas", "digit-and-number", "hand-signs"])
    assert "no template 'x'" in run(capsys, "selfcheck", "--template", "x")[2]


@pytest.mark.long
@pytest.mark.parametrize("name", TEMPLATES)
def test_selfcheck_passes_with_every_template(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert_checked(capsys, [name])

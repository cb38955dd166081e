"""A canvas with a small network."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.designer.canvas.stagehand import Stagehand


@pytest.fixture
def stage(qtbot: QtBot) -> Stagehand:
    """input -> dense -> dense_1, and dense_2 alone beside them."""
    return Stagehand(qtbot)

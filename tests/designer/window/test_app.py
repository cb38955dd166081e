from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from designer.app import SWITCH_INTERVAL, application
from designer.theme import apply_theme, theme_choice
from designer.window.settings import remember
from designer.window.sweeper import Sweeper
from engine.io import save_project
from engine.templates import TEMPLATES


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of the terminal cannot be sent to one process there")
@pytest.mark.parametrize("given", ["a project", "rubbish"])
def test_the_program_starts_and_ends(tmp_path: Path, given: str) -> None:
    save_project(tmp_path / "begun.loom", TEMPLATES["digits-dense"].make(), None)
    arguments = {"a project": [str(tmp_path / "begun.loom")], "rubbish": [str(tmp_path / "none.loom")]}
    environ = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environ["LAYERLOOM_CACHE"] = str(tmp_path / "cache")
    command = [sys.executable, "-W", "error", "-m", "designer", *arguments[given]]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        begun = process.stderr.readline()  # offscreen, Qt says a word when the window is shown
        assert "does not support" in begun, begun + process.stderr.read()
        time.sleep(3)
        assert process.poll() is None, process.communicate()[1]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, said
    assert [line for line in said.splitlines() if "does not support" not in line] == []
    assert not list(tmp_path.rglob("layerloom.log"))


def test_the_application_is_dressed_as_remembered(qapp: QApplication) -> None:
    interval = sys.getswitchinterval()
    remember("theme", "dark")
    try:
        assert application() is qapp
        assert theme_choice() == "dark"
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
        assert qapp.applicationName() == "Layerloom"
    finally:
        apply_theme(qapp, "light")
        sys.setswitchinterval(interval)


def test_garbage_is_collected_by_the_sweeper_only(qapp: QApplication) -> None:
    sweeper = Sweeper()
    try:
        assert not gc.isenabled()
        for _ in range(5000):
            loop: list[object] = []
            loop.append(loop)
        gathered = gc.get_count()[0]
        sweeper.sweep()
        assert gc.get_count()[0] < gathered
    finally:
        sweeper.stop()
    assert gc.isenabled()


COPYING = """
from designer.app import application
from designer.window.main_window import MainWindow
from engine.templates import TEMPLATES
app = application()
window = MainWindow()
window.document.reset(TEMPLATES["digits-dense"].make())
window.canvas.select_all()
assert window.canvas.copy() is not False
"""


def test_layers_on_the_clipboard_do_not_crash_the_end() -> None:
    result = subprocess.run([sys.executable, "-c", COPYING], capture_output=True, text=True, timeout=120, check=False)

    assert result.returncode == 0, result.stderr


ANSWERING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
import designer.app as start
from designer.window.main_window import MainWindow
from engine.templates import TEMPLATES

def leave():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    window.document.edit("Begin", TEMPLATES["digits-dense"].make())
    window.close()
    QTimer.singleShot(1000, window.findChild(QPushButton, "sheet-discard").click)

start.application()
QTimer.singleShot(3000, leave)
sys.exit(start.main([]))
"""


def test_the_program_ends_after_the_question_about_unsaved_work(tmp_path: Path) -> None:
    environ = os.environ | {"XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", ANSWERING]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environ)

    assert result.returncode == 0, result.stderr

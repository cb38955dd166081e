"""Find out whether Qt can start here, and mend or name what it lacks; run as `python -m designer.display`.

Qt ends the process when its platform plug-in cannot load, so the attempt happens in a child process. Standard library
only, and in English only: where Qt does not load, neither do its translations.

Exit codes: 0 when Qt starts, 3 when only the display cannot be reached, 1 when something else is missing, which is then
told on the error stream together with the one command that mends it. As root on a Debian family that command is run.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

STARTS = 0
LACKS_SOMETHING = 1
LACKS_DISPLAY = 3

_START_QT = "from PySide6.QtWidgets import QApplication; QApplication([])"

# What the Qt libraries ask the loader for, less what these packages bring with them.
_PACKAGES = {
    "apt-get": "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0",
    "dnf": "libglvnd-egl libglvnd-glx libxkbcommon dbus-libs fontconfig glib2 libX11",
}
# What the window needs beyond that, on X11 or Wayland.
_WINDOW_PACKAGES = {
    "apt-get": "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 libwayland-cursor0 "
    "libwayland-egl1",
    "dnf": "xcb-util-cursor xcb-util-wm xcb-util-keysyms libxcb libX11-xcb libxkbcommon-x11 libwayland-cursor "
    "libwayland-egl",
}


def start_qt() -> str:
    """Start Qt in a child process.

    Returns:
        Nothing when it starts, else what it said before it ended.
    """
    command = [sys.executable, "-I", "-c", _START_QT]
    environ = {**os.environ, "QT_DEBUG_PLUGINS": "1"}  # names the library that a plug-in misses
    try:
        child = subprocess.run(command, env=environ, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return "it did not answer within two minutes"
    said = (child.stdout + child.stderr).decode("utf-8", "replace").strip()
    return said or "it ended without a word" if child.returncode else ""


def missing_libraries(said: str) -> list[str]:
    """Return the shared libraries that a failed start asked for in vain."""
    return sorted(set(re.findall(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file", said)))


def mending_command(platform: str, find: Callable[[str], str | None] = shutil.which) -> list[str]:
    """Return the command that installs all that Qt needs on this platform; nothing where no known tool does it."""
    for tool, packages in _PACKAGES.items():
        if find(tool):
            options = ["-y", "--no-upgrade", "--no-install-recommends"] if tool == "apt-get" else ["-y"]
            more = "" if platform == "offscreen" else _WINDOW_PACKAGES[tool]
            return [tool, "install", *options, *packages.split(), *more.split()]
    return []


def mend(command: list[str]) -> None:
    """Run an apt-get command; when that fails, bring the lists of packages up to date and run it again."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (command, ["apt-get", "update"], command):
        # Standard output belongs to whoever reads the results of a command.
        if subprocess.run(step, env=environ, stdout=sys.stderr, check=False).returncode == 0 and step is command:
            return


def main() -> int:
    """Start Qt, mend what can be mended, tell the rest, and return an exit code of this module."""
    said = start_qt()
    missing = missing_libraries(said)
    command = mending_command(os.environ.get("QT_QPA_PLATFORM", ""))
    is_root = sys.platform == "linux" and os.geteuid() == 0
    if missing and is_root and command[:1] == ["apt-get"]:
        print("Qt needs system libraries that are not installed; apt-get installs them now.", file=sys.stderr)
        mend(command)
        said = start_qt()
        missing = missing_libraries(said)
    if not said:
        return STARTS
    if missing:
        print(f"Qt needs system libraries that are not installed: {', '.join(missing)}.", file=sys.stderr)
        if command:
            start = "" if is_root else "sudo "
            print("This command installs them; then start again:", file=sys.stderr)
            print(f"    {start}{' '.join(command)}", file=sys.stderr)
        return LACKS_SOMETHING
    if re.search(r"could not connect to display|Failed to create wl_display", said):
        return LACKS_DISPLAY
    lines = said.splitlines()
    reasons = [line for line in lines if re.search("could not|cannot|error", line, re.IGNORECASE)]
    print(f"Qt cannot start here: {(reasons or lines)[-1]}", file=sys.stderr)
    return LACKS_SOMETHING


if __name__ == "__main__":
    sys.exit(main())

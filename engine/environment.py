"""Making the environment that Layerloom runs in: the packages that pyproject.toml lists, in a folder of its own.

Standard library only, for it runs before anything is installed. A stamp in the environment tells what it holds: none
or another one means "install again", an unfinished one (it stands while packages change) means "make it anew".
"""

import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: The oldest Python that will do.
OLDEST = (3, 11)
# Settings that would make the environment's Python or pip look elsewhere.
MISLEADING = {"PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH"}
# The lines of pip worth showing while it works, and what their wheel names end in.
STEP = re.compile(r"\s*(Collecting|Downloading|Using cached|Processing|Building|Installing) ")
WHEEL_TAGS = re.compile(r"-(cp|py)\d\S*")
# What pip or venv say when they fail, and what helps. The first that fits wins.
ADVICE = (
    (r"No space left|Errno 28|not enough space", "The disk is full: free about 2 GB and start again."),
    (
        r"name resolution|getaddrinfo|nodename nor|NewConnectionError|imed out|ProxyError|SSLError|unreachable",
        "The packages could not be fetched: check the network (and pip's settings for a proxy), then start again.",
    ),
    (
        r"No matching distribution|Could not find a version|Requires-Python",
        "A package does not exist for this Python: Layerloom is known to run on 64-bit Python 3.11 to 3.13.",
    ),
    (r"Permission denied|Access is denied", "A file may not be written: check who owns the folder, then start again."),
    (r"", "Mend what the lines above name, then start again: the set-up begins anew where it has to."),
)


class SetUpError(Exception):
    """Why Layerloom cannot start, in words that say what to do."""


class Progress:
    """One live line with the seconds gone by on a terminal, a plain line for each step elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.started = time.monotonic()
        self.text = ""

    def show(self, text: str) -> None:
        """Name the step that begins."""
        self.text = text
        if text and not self.stream.isatty():
            print(text[:160], file=self.stream, flush=True)
        self.tick()

    def tick(self) -> None:
        """Bring the seconds up to date; without a text, leave the line blank for what follows."""
        if self.stream.isatty():
            width = shutil.get_terminal_size().columns - 1
            line = f"{time.monotonic() - self.started:4.0f} s  {self.text}" if self.text else ""
            print(f"\r{line[:width]:{width}}\r", end="", file=self.stream, flush=True)


def run_shown(command: Sequence[str], progress: Progress, hear: Callable[[str], object] = len) -> tuple[int, list[str]]:
    """Run a child process, show its steps, let `hear` have each line; return its exit code and all it said."""
    environ = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    none, pipe, same = subprocess.DEVNULL, subprocess.PIPE, subprocess.STDOUT
    child = subprocess.Popen(
        command, env=environ, encoding="utf-8", errors="replace", stdin=none, stdout=pipe, stderr=same
    )
    said: queue.Queue[str | None] = (
        queue.Queue()
    )  # filled by a thread, so that the clock ticks while the child is silent

    def listen() -> None:
        for line in child.stdout or ():
            said.put(line.rstrip())
        said.put(None)

    listener = threading.Thread(target=listen)
    listener.start()
    lines: list[str] = []
    try:
        while True:
            progress.tick()
            with contextlib.suppress(queue.Empty):
                line = said.get(timeout=0.2)
                if line is None:
                    return child.wait(), lines
                lines.append(line)
                hear(line)
                if STEP.match(line):
                    progress.show(WHEEL_TAGS.sub("", line.strip()))
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
        listener.join()
        if child.stdout is not None:
            child.stdout.close()


def failure(what: str, lines: Sequence[str]) -> SetUpError:
    """Turn what a failed child said into an error that shows its end and says what to do."""
    advice = next(advice for pattern, advice in ADVICE if re.search(pattern, "\n".join(lines)))
    last = [f"    {line[:200]}" for line in lines if line.strip()][-6:]
    return SetUpError("\n".join([f"{what} failed:", *last, advice]))


def user_cache() -> Path:
    """Return Layerloom's folder in the user's cache folder."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        base = named if os.path.isabs(named) else Path.home() / ".cache"
    return Path(base) / "layerloom"


def is_writable(folder: Path) -> bool:
    """Find out by writing, for permissions tell too little of root, network drives and read-only mounts."""
    trial = folder / f".layerloom-{os.getpid()}"
    try:
        trial.touch()
        trial.unlink()
    except OSError:
        return False
    return True


class Environment:
    """A virtual environment: where it lies, what its stamp says, and how it is made and filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp_file = folder / "layerloom.json"

    def stamp(self) -> dict[str, Any]:
        """Return what the stamp says; nothing when there is none that can be read."""
        try:
            return dict(json.loads(self.stamp_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}

    def write_stamp(self, stamp: dict[str, Any]) -> None:
        """Replace the stamp in one step, so that it is never seen half written."""
        draft = self.stamp_file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        draft.replace(self.stamp_file)

    def interpreter(self) -> list[int] | None:
        """Return size and time of the Python behind the link, which change when the system's Python does."""
        with contextlib.suppress(OSError):
            found = self.python.stat()
            return [found.st_size, found.st_mtime_ns]
        return None

    def is_ready(self, digest: str, extras: set[str]) -> bool:
        """Tell, without starting anything, whether the environment holds what is asked for."""
        stamp = self.stamp()
        fits = stamp.get("pyproject") == digest and stamp.get("interpreter") == self.interpreter()
        return fits and extras <= set(stamp.get("extras", ()))

    def version(self) -> str:
        """Return the version of the environment's Python; nothing when it or its pip does not run or is too old."""
        code = f"import sys, pip._internal.cli.main; assert sys.version_info >= {OLDEST}; print(sys.version.split()[0])"
        try:
            command = [str(self.python), "-I", "-c", code]
            return subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=60).decode().strip()
        except (OSError, subprocess.SubprocessError):
            return ""

    def create(self, progress: Progress) -> None:
        """Make the environment anew, whatever lies there now."""
        if importlib.util.find_spec("ensurepip") is None:
            package = "python{}.{}-venv".format(*sys.version_info)
            mend = f"`apt-get install {package}` as root" if shutil.which("apt-get") else "its installer, with pip"
            raise SetUpError(f"This Python lacks ensurepip, which environments need: run {mend}, then start again.")
        progress.show(f"Making the environment {self.folder}")
        code, lines = run_shown([sys.executable, "-I", "-m", "venv", "--clear", str(self.folder)], progress)
        if code:
            raise failure(f"Making the environment {self.folder}", lines)

    def install(self, pyproject: Path, digest: str, extras: set[str], progress: Progress) -> None:
        """Heal the environment, install what is missing, and write the stamp last."""
        before = self.stamp()
        if before.get("unfinished") or not self.version():
            self.create(progress)
        extras = extras | set(before.get("extras", ()))

        def guard(line: str) -> None:
            # From here on files change: if anything ends this early, the next start begins anew.
            if line.startswith("Installing collected packages"):
                self.write_stamp({"unfinished": True, "extras": sorted(extras)})

        progress.show("Looking at what is installed")
        pip = [str(self.python), "-I", "-u", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        pip += ["--progress-bar", "off", *requirements(pyproject, extras)]
        code, lines = run_shown(pip, progress, guard)
        if code:
            raise failure("Installing the packages", lines)
        stamp = {"pyproject": digest, "python": self.version(), "interpreter": self.interpreter()}
        self.write_stamp(dict(stamp, extras=sorted(extras)))


def requirements(pyproject: Path, extras: set[str]) -> list[str]:
    """Return the dependencies pyproject.toml lists, with those of the extras."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    needs = list(project.get("dependencies", ()))
    for extra in sorted(extras):
        needs += project.get("optional-dependencies", {}).get(extra, ())
    return needs


def try_lock(file: TextIO) -> bool:
    """Take the lock if nobody else holds it; where the file system knows no locks, go on without."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
    return True


@contextlib.contextmanager
def locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold a file lock, which the system frees however the process ends."""
    with path.open("a", encoding="utf-8") as file:
        while not try_lock(file):
            if not progress.text:
                progress.show("Another start is setting Layerloom up: waiting for it")
            progress.tick()
            time.sleep(0.2)
        yield


def ensure(
    checkout: Path, extras: set[str], cache: Path, writable: Callable[[Path], bool] = is_writable
) -> Environment:
    """Return an environment with the project's packages and those of the extras, made or healed if need be.

    Raises:
        SetUpError: when it cannot be made.
    """
    pyproject = checkout / "pyproject.toml"
    digest = hashlib.sha256(pyproject.read_bytes()).hexdigest()
    beside = Environment(checkout / ".venv")
    cached = Environment(cache / f"venv-{hashlib.sha256(os.fsencode(str(checkout))).hexdigest()[:12]}")
    for environment in (beside, cached):
        if environment.is_ready(digest, extras):
            return environment
    environment = beside if writable(checkout) else cached
    progress = Progress(sys.stderr)
    try:
        environment.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(environment.folder.with_suffix(".lock"), progress):
            if not environment.is_ready(digest, extras):  # the start that was waited for may have done it
                progress.show(f"Setting Layerloom up in {environment.folder}: this happens once")
                environment.install(pyproject, digest, extras, progress)
    except OSError as error:
        raise failure(f"Making the environment {environment.folder}", [str(error)]) from error
    finally:
        progress.show("")
    return environment

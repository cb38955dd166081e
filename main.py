#!/usr/bin/env python3
"""Start Layerloom. The first start makes an environment for it, later ones go straight on.

python3 main.py [NAME.loom]                        the window (without a display: the tour)
python3 main.py test [--long] [--peers] [...]      the tests; what follows goes to pytest
python3 main.py tour --out DIR                     the tour through the real window
python3 main.py bench --gui                        how smooth the window is
python3 main.py train|evaluate|predict|export|import|new|summary|bench|selfcheck ...

Standard library only, and in words every Python since 3.6 can read, so that an old one gets a sentence and not a
syntax error. The packages that pyproject.toml lists go into the environment; the checkout runs in place, which also
serves when it is read-only. A stamp in the environment tells what it holds: none or another one means "install again",
an unfinished one (it stands while packages change) means "make it anew".
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
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Set, TextIO, Tuple

if os.name == "nt":
    import msvcrt
else:
    import fcntl

CHECKOUT = Path(__file__).resolve().parent
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


def run_shown(command: Sequence[str], progress: Progress, hear: Callable = len) -> Tuple[int, List[str]]:
    """Run a child process, show its steps, let `hear` have each line; return its exit code and all it said."""
    environ = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    child = subprocess.Popen(command, env=environ, encoding="utf-8", errors="replace", **streams)
    said: queue.Queue = queue.Queue()  # filled by a thread, so that the clock ticks while the child is silent

    def listen() -> None:
        for line in child.stdout:
            said.put(line.rstrip())
        said.put(None)

    listener = threading.Thread(target=listen)
    listener.start()
    lines: List[str] = []
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

    def stamp(self) -> dict:
        """Return what the stamp says; nothing when there is none that can be read."""
        try:
            return dict(json.loads(self.stamp_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}

    def write_stamp(self, stamp: dict) -> None:
        """Replace the stamp in one step, so that it is never seen half written."""
        draft = self.stamp_file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        os.replace(str(draft), str(self.stamp_file))

    def interpreter(self) -> Optional[List[int]]:
        """Return size and time of the Python behind the link, which change when the system's Python does."""
        with contextlib.suppress(OSError):
            found = self.python.stat()
            return [found.st_size, found.st_mtime_ns]
        return None

    def is_ready(self, digest: str, extras: Set[str]) -> bool:
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

    def install(self, pyproject: Path, digest: str, extras: Set[str], progress: Progress) -> None:
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


def requirements(pyproject: Path, extras: Set[str]) -> List[str]:
    """Return the dependencies pyproject.toml lists, with those of the extras."""
    import tomllib  # unknown to the Pythons that main() turns away

    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    needs = list(project.get("dependencies", ()))
    for extra in sorted(extras):
        needs += project.get("optional-dependencies", {}).get(extra, ())
    return needs


def try_lock(file: TextIO) -> bool:
    """Take the lock if nobody else holds it; where the file system knows no locks, go on without."""
    try:
        if os.name == "nt":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
    return True


@contextlib.contextmanager
def locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold a file lock, which the system frees however the process ends."""
    with open(str(path), "a", encoding="utf-8") as file:
        while not try_lock(file):
            if not progress.text:
                progress.show("Another start is setting Layerloom up: waiting for it")
            progress.tick()
            time.sleep(0.2)
        yield


def ensure(checkout: Path, extras: Set[str], cache: Path, writable: Callable = is_writable) -> Environment:
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


def child_environ(environment: Environment, checkout: Path, cache: Path) -> Dict[str, str]:
    """Return the variables under which the checkout runs in place, whichever folder it was started from."""
    environ = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    environ.update(PYTHONPATH=str(checkout), PYTHONSAFEPATH="1")
    if environment.folder.parent != checkout:  # a checkout that is read-only keeps no caches either
        environ.update(
            PYTHONPYCACHEPREFIX=str(cache / "pycache"), HYPOTHESIS_STORAGE_DIRECTORY=str(cache / "hypothesis")
        )
    return environ


def has_display(environ: Dict[str, str]) -> bool:
    """Tell whether a window could be seen."""
    if environ.get("QT_QPA_PLATFORM"):
        return environ["QT_QPA_PLATFORM"].split(":")[0] not in ("offscreen", "minimal")
    return sys.platform in ("win32", "darwin") or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def qt_starts(environment: Environment, environ: Dict[str, str]) -> bool:
    """Tell whether Qt starts on the platform `environ` leads to; `designer.display` mends or names what is missing.

    Raises:
        SetUpError: when Qt cannot start for another reason than the display.
    """
    shown = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY") if has_display(environ) else ("QT_QPA_PLATFORM",)
    key = " ".join(environ.get(name, "") for name in shown)
    if key in environment.stamp().get("qt", ()):
        return True
    code = subprocess.call([str(environment.python), "-m", "designer.display"], env=environ)
    if code not in (0, 3):
        raise SetUpError("Layerloom cannot show anything until that is mended.")
    if code == 0:
        with contextlib.suppress(OSError):  # an environment that may only be read is asked each time
            stamp = environment.stamp()
            environment.write_stamp(dict(stamp, qt=sorted({key, *stamp.get("qt", ())})))
    return code == 0


def launch(environment: Environment, module: str, arguments: Sequence[str], environ: Dict[str, str]) -> int:
    """Go on as `python -m MODULE`: in this very process where the system can, else in a child."""
    command = [str(environment.python), "-m", module, *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environ)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the child's to answer
    return subprocess.call(command, env=environ)


def start(arguments: List[str], checkout: Path, cache: Path) -> int:
    """Prepare what the command needs and go on in it."""
    command = arguments[0] if arguments else ".loom"
    extras = {"test"} if command == "test" else set()
    if "--peers" in arguments[1:] or (command == "bench" and any(word.startswith("--peer") for word in arguments)):
        extras.add("peers")
    environment = ensure(checkout, extras, cache)
    environ = child_environ(environment, checkout, cache)
    if command == "test":
        environ["QT_QPA_PLATFORM"] = "offscreen"
        qt_starts(environment, environ)
        options = ["-m", ""] if "--long" in arguments else []
        options += ["-p", "no:cacheprovider"] if "PYTHONPYCACHEPREFIX" in environ else []
        os.chdir(str(checkout))
        words = [word for word in arguments[1:] if word not in ("--long", "--peers")]
        # The whole suite takes long: one process for each core, and a file's tests stay together.
        options += words or ["-n", "auto", "--dist", "loadscope"]
        return launch(environment, "pytest", options, environ)
    if command == "bench" and "--gui" in arguments:
        if not (has_display(environ) and qt_starts(environment, environ)):
            environ["QT_QPA_PLATFORM"] = "offscreen"
            qt_starts(environment, environ)
        return launch(environment, "designer.bench", arguments[1:], environ)
    if command == "tour" or command.rstrip("/\\").endswith(".loom"):
        return start_window(environment, arguments, environ, cache)
    if command in ("--help", "-h"):
        print("\n".join((__doc__ or "").splitlines()[2:6]), end="\n\n")
    return launch(environment, "engine.cli", arguments, environ)


def start_window(environment: Environment, arguments: List[str], environ: Dict[str, str], cache: Path) -> int:
    """Open the window or run its tour; without a display, run the tour in either case."""
    seen = has_display(environ) and qt_starts(environment, environ)
    if not seen:
        environ["QT_QPA_PLATFORM"] = "offscreen"
        qt_starts(environment, environ)
    if arguments[:1] == ["tour"]:
        return launch(environment, "designer.tour", arguments[1:], environ)
    if seen:
        return launch(environment, "designer", arguments, environ)
    pictures = str(cache / "tour")
    print(f"There is no display here, so the tour runs without one and leaves its pictures in {pictures}", flush=True)
    return launch(environment, "designer.tour", ["--out", pictures], environ)


def refusal(version: Sequence[int]) -> str:
    """Return what a Python that is too old is told; nothing when this one will do."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    newer = next(filter(shutil.which, ("python3.13", "python3.12", "python3.11")), "a newer python3")
    return f"Layerloom needs Python 3.11 or newer and this is {version[0]}.{version[1]}: start it with {newer}."


def main(arguments: List[str], checkout: Path = CHECKOUT) -> int:
    """Run one command and return its exit code."""
    try:
        if refusal(sys.version_info):
            raise SetUpError(refusal(sys.version_info))
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an ended set-up ends its children too
        return start(arguments, checkout, user_cache())
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: the next start takes the set-up up again.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

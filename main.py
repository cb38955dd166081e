#!/usr/bin/env python3
"""Start Layerloom. The first start makes an environment for it, later ones go straight on.

python3 main.py [NAME.loom]                        the window (without a display: the tour)
python3 main.py test [--long] [--peers] [--boundscheck] [...]   the tests; what follows goes to pytest
python3 main.py parity [--peers]                   a table of measured errors: gradients, and beside Keras and PyTorch
python3 main.py tour --out DIR                     the tour through the real window
python3 main.py shots [FOLDER]                     pictures of every panel, dialog and question of the window
python3 main.py bench --gui                        how smooth the window is
python3 main.py train|evaluate|predict|export|import|new|summary|docs|bench|selfcheck ...

Standard library only, and in words every Python since 3.6 can read, so that an old one gets a sentence and not a
syntax error. The checkout runs in place, which also serves when it is read-only; engine/environment.py makes the
environment beside it.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Sequence

CHECKOUT = Path(__file__).resolve().parent
OLDEST = (3, 11)
#: Options of `test` that are not pytest's, and those that spread tests over all cores.
TEST_WORDS = {"--long", "--peers", "--boundscheck"}
PARALLEL = ["-n", "auto", "--dist", "loadscope"]
#: The tests that run kernels through and through, and those that measure gradients and compare with peers.
KERNEL_TESTS = [
    "tests/engine/kernels",
    "tests/engine/catalogue",
    "tests/engine/test_layers.py",
    "tests/engine/test_layer_rules.py",
    "tests/parity",
]
MEASURING_TESTS = ["tests/parity", "tests/engine/catalogue", "tests/engine/test_layers.py"]


def refusal(version: Sequence[int]) -> str:
    """Return what a Python that is too old is told; nothing when this one will do."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    newer = next(filter(shutil.which, ("python3.13", "python3.12", "python3.11")), "a newer python3")
    return f"Layerloom needs Python 3.11 or newer and this is {version[0]}.{version[1]}: start it with {newer}."


if refusal(sys.version_info):
    sys.exit(refusal(sys.version_info))  # what follows could not be read
sys.path.insert(0, str(CHECKOUT))
from engine.environment import MISLEADING, Environment, SetUpError, ensure, user_cache


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
    extras = {"test"} if command in ("test", "parity") else set()
    if "--peers" in arguments[1:] or (command == "bench" and any(word.startswith("--peer") for word in arguments)):
        extras.add("peers")
    environment = ensure(checkout, extras, cache)
    environ = child_environ(environment, checkout, cache)
    if command in ("test", "parity"):
        environ["QT_QPA_PLATFORM"] = "offscreen"
        qt_starts(environment, environ)
        os.chdir(str(checkout))
        return launch(environment, "pytest", tested(command, arguments[1:], environ, cache), environ)
    if command == "bench" and "--gui" in arguments:
        if not (has_display(environ) and qt_starts(environment, environ)):
            environ["QT_QPA_PLATFORM"] = "offscreen"
            qt_starts(environment, environ)
        return launch(environment, "designer.bench", arguments[1:], environ)
    if command == "tour" or command.rstrip("/\\").endswith(".loom"):
        return start_window(environment, arguments, environ, cache)
    if command == "shots":
        environ["QT_QPA_PLATFORM"] = "offscreen"
        qt_starts(environment, environ)
        return launch(environment, "designer.shots", arguments[1:], environ)
    if command in ("--help", "-h"):
        print("\n".join((__doc__ or "").splitlines()[2:8]), end="\n\n")
    return launch(environment, "engine.cli", arguments, environ)


def tested(command: str, words: Sequence[str], environ: Dict[str, str], cache: Path) -> List[str]:
    """Return what pytest is given, and add to `environ` what the tests look for there."""
    options = ["-m", ""] if "--long" in words else []
    options += ["-p", "no:cacheprovider"] if "PYTHONPYCACHEPREFIX" in environ else []
    chosen: List[str] = []
    if "--peers" in words:
        environ["LAYERLOOM_PEERS"] = "1"  # the parity tests ask Keras and PyTorch themselves
    if "--boundscheck" in words:
        # Kernels that were compiled without checks must not be found, so these have a cache of their own, made anew.
        environ.update(NUMBA_BOUNDSCHECK="1", LAYERLOOM_CACHE=str(cache / "boundscheck"))
        shutil.rmtree(str(cache / "boundscheck"), ignore_errors=True)
        chosen = KERNEL_TESTS
    if command == "parity":
        environ["LAYERLOOM_TABLE"] = str(cache / "parity")
        shutil.rmtree(str(cache / "parity"), ignore_errors=True)
        options, chosen = ["-q", *options], MEASURING_TESTS
    # The whole suite takes long: one process for each core, and a file's tests stay together.
    return options + ([word for word in words if word not in TEST_WORDS] or [*chosen, *PARALLEL])


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


def main(arguments: List[str], checkout: Path = CHECKOUT) -> int:
    """Run one command and return its exit code."""
    try:
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

"""Set-up from a bare Python: the real main.py on stand-in projects that need neither the network nor a minute."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

import main
from designer import display
from engine.environment import Environment, Progress, ensure, failure, is_writable, locked, user_cache

ROOT = Path(main.__file__).parent
MAIN = (ROOT / "main.py").read_text(encoding="utf-8")
ENVIRONMENT = (ROOT / "engine" / "environment.py").read_text(encoding="utf-8")
POSIX = pytest.mark.skipif(os.name == "nt", reason="the signals and links of POSIX")

# What the stand-in's modules do: tell how they were called, and end with a code of their own.
TELL = """\
import os, sys
print(__spec__.name.removesuffix(".__main__"), sys.argv[1:], os.environ.get("QT_QPA_PLATFORM"), os.getcwd())
sys.exit(7)
"""


def make_wheel(folder: Path, name: str) -> str:
    """Write a wheel with one module and return the requirement that installs it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "here = True\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return f"{name} @ {path.as_uri()}"


def declare(checkout: Path, needs: list[str], extra: list[str]) -> None:
    """Write the stand-in's pyproject.toml."""
    text = f"[project]\ndependencies = {needs!r}\n[project.optional-dependencies]\ntest = {extra!r}\n"
    (checkout / "pyproject.toml").write_text(text, encoding="utf-8")


def imports(environment: Environment, module: str) -> bool:
    """Tell whether the environment's Python finds a module."""
    command = [environment.python, "-I", "-c", f"import {module}"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in checkout, in a folder with a space and an umlaut, after its first start."""
    checkout = tmp_path_factory.mktemp("a päth") / "check out"
    for package in ("engine", "designer", "designer/shots", "designer/tour"):
        (checkout / package).mkdir(parents=True)
    shutil.copy(ROOT / "main.py", checkout)
    shutil.copy(ROOT / "engine" / "environment.py", checkout / "engine")
    for module in ("engine/cli.py", "designer/__main__.py", "designer/shots/__main__.py", "designer/tour/__main__.py"):
        (checkout / module).write_text(TELL, encoding="utf-8")
    (checkout / "designer/display.py").write_text("", encoding="utf-8")
    declare(checkout, [make_wheel(checkout, "threadlet")], [make_wheel(checkout, "needlet")])
    ensure(checkout, set(), checkout / "cache")
    return checkout


@pytest.fixture
def checkout(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished stand-in for one test."""
    return Path(shutil.copytree(finished, tmp_path / "check out", symlinks=True))


def run(checkout: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start the stand-in as a user does, from another folder, without a display unless one is given."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LAYERLOOM_CACHE", "LAYERLOOM_PEERS", "LAYERLOOM_TABLE"}
    clean = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, checkout / "main.py", *arguments],
        check=False,
        env=clean | {"XDG_CACHE_HOME": str(checkout / "xdg")} | environ,
        cwd=checkout.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )


def stand_in(checkout: Path) -> Environment:
    """Return the environment beside a checkout."""
    return Environment(checkout / ".venv")


def test_declared_packages_are_those_on_disk() -> None:
    declared = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    on_disk = {
        ".".join(found.parent.relative_to(ROOT).parts)
        for top in ("designer", "engine")
        for found in (ROOT / top).rglob("__init__.py")
    }
    assert declared - {"resources"} == on_disk


def test_main_reads_on_an_old_python_and_imports_nothing_foreign() -> None:
    tree = ast.parse(MAIN, feature_version=(3, 6))
    ours = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "engine.environment"]
    refused = [node for node in tree.body if isinstance(node, ast.If) and "refusal" in ast.dump(node.test)]
    assert len(ours) == len(refused) == 1
    assert refused[0].lineno < ours[0].lineno, "what an old Python cannot read waits for the version check"
    for module in (tree, ast.parse(ENVIRONMENT)):
        names = {name.name for node in ast.walk(module) if isinstance(node, ast.Import) for name in node.names}
        names |= {str(node.module) for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
        assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names | {"engine"}


def test_an_old_python_is_told_which_one_is_needed() -> None:
    assert "needs Python 3.11 or newer and this is 3.10" in main.refusal((3, 10, 13))
    assert main.refusal((3, 11, 0)) == ""


def test_continuous_integration_runs_what_contributors_run() -> None:
    commands = (ROOT / ".ci/run").read_text().splitlines()
    assert commands[-1] == "exec python3 main.py test"
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_first_start_installs_and_stamps(finished: Path) -> None:
    environment = stand_in(finished)
    assert imports(environment, "threadlet")
    assert not imports(environment, "needlet")
    stamp = environment.stamp()
    assert stamp["extras"] == []
    assert tuple(map(int, stamp["python"].split(".")[:2])) == sys.version_info[:2]


def test_later_start_changes_nothing(checkout: Path) -> None:
    environment = stand_in(checkout)
    before = environment.stamp_file.stat().st_mtime_ns
    assert ensure(checkout, set(), checkout / "cache").folder == environment.folder
    assert environment.stamp_file.stat().st_mtime_ns == before


def test_extras_are_added_when_asked_for_and_stay(checkout: Path) -> None:
    environment = ensure(checkout, {"test"}, checkout / "cache")
    assert imports(environment, "needlet")
    declare(checkout, [make_wheel(checkout, "threadlet"), make_wheel(checkout, "bobbin")], [])
    assert ensure(checkout, set(), checkout / "cache").stamp()["extras"] == ["test"]
    assert imports(environment, "bobbin")


@POSIX
def test_environment_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    environment = stand_in(checkout)
    for link in environment.python.parent.glob("python*"):
        link.unlink()
    environment.python.symlink_to(checkout / "gone")
    ensure(checkout, set(), checkout / "cache")
    assert imports(environment, "threadlet")


def test_unfinished_environment_is_made_anew(checkout: Path) -> None:
    environment = stand_in(checkout)
    environment.write_stamp({"unfinished": True, "extras": ["test"]})
    leftover = environment.folder / "half-written"
    leftover.touch()
    ensure(checkout, set(), checkout / "cache")
    assert not leftover.exists()
    assert imports(environment, "needlet")


@pytest.mark.parametrize("text", ["", "{", "[]", '"yes"', "\udcff"])
def test_unreadable_stamp_counts_as_none(checkout: Path, text: str) -> None:
    environment = stand_in(checkout)
    environment.stamp_file.write_text(text, encoding="utf-8", errors="surrogateescape")
    assert environment.stamp() == {}
    assert not environment.is_ready("", set())


def test_read_only_checkout_uses_the_cache_folder(finished: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "read only"
    checkout.mkdir()
    shutil.copy(finished / "pyproject.toml", checkout)
    environment = ensure(checkout, set(), tmp_path / "cache", writable=lambda folder: False)
    assert environment.folder.parent == tmp_path / "cache"
    assert imports(environment, "threadlet")
    assert [found.name for found in checkout.iterdir()] == ["pyproject.toml"]
    environ = main.child_environ(environment, checkout, tmp_path / "cache")
    assert environ["PYTHONPYCACHEPREFIX"].startswith(str(tmp_path / "cache"))


def test_writable_is_found_out_by_writing(tmp_path: Path) -> None:
    assert is_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not is_writable(tmp_path / "absent")


def test_second_start_waits_for_the_first(checkout: Path) -> None:
    environment = stand_in(checkout)
    environment.stamp_file.unlink()
    with locked(checkout / ".venv.lock", Progress(sys.stderr)):
        second = subprocess.Popen(
            [sys.executable, checkout / "main.py", "summary"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        assert "waiting for it" in second.stderr.readline()
        assert second.poll() is None
        assert environment.stamp() == {}
    assert second.communicate(timeout=120)[0].startswith("engine.cli ['summary']")
    assert environment.stamp()["extras"] == []


@POSIX
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_set_up_heals(finished: Path, tmp_path: Path, how: signal.Signals) -> None:
    checkout = Path(shutil.copytree(finished, tmp_path / "new", ignore=shutil.ignore_patterns(".venv*")))
    first = subprocess.Popen(
        [sys.executable, checkout / "main.py", "summary"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs the tests in the background ignores Ctrl-C, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (no threads here)
    )
    assert first.stderr is not None
    while "Making the environment" not in first.stderr.readline():
        assert first.poll() is None
    while not (checkout / ".venv" / "bin").exists():
        time.sleep(0.01)
    first.send_signal(how)
    said = first.communicate(timeout=60)[1]
    assert "Traceback" not in said
    assert first.returncode == (-how if how == signal.SIGKILL else 130)
    assert stand_in(checkout).stamp() == {}
    assert run(checkout, "summary").returncode == 7
    assert imports(stand_in(checkout), "threadlet")


def test_failed_installation_is_told_and_keeps_what_worked(checkout: Path) -> None:
    declare(checkout, [f"nothing @ {(checkout / 'nothing-1.0-py3-none-any.whl').as_uri()}"], [])
    ended = run(checkout, "summary")
    assert ended.returncode == 1
    assert "Installing the packages failed:" in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("Mend what the lines above name")
    assert "Traceback" not in ended.stderr
    assert imports(stand_in(checkout), "threadlet")
    declare(checkout, [make_wheel(checkout, "threadlet")], [])
    assert run(checkout, "summary").returncode == 7


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("[Errno -3] Temporary failure in name resolution\nERROR: No matching distribution found for numba", "network"),
        ("ERROR: Could not find a version that satisfies the requirement numba>=0.68", "3.11 to 3.13"),
        ("PermissionError: [Errno 13] Permission denied: '/opt/x'", "who owns"),
        ("something else", "Mend what"),
    ],
)
def test_failure_says_what_to_do(line: str, advice: str) -> None:
    told = str(failure("Installing", ["many", "lines", "before", *line.splitlines(), ""]))
    assert told.startswith("Installing failed:")
    assert line.splitlines()[-1] in told
    assert advice in told.splitlines()[-1]


@POSIX
@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (["train", "x y.loom", "--json"], {}, "engine.cli ['train', 'x y.loom', '--json'] None"),
        (["--version"], {}, "engine.cli ['--version'] None"),
        (["tour", "--out", "pictures"], {}, "designer.tour ['--out', 'pictures'] offscreen"),
        (["shots", "pictures"], {"DISPLAY": ":7"}, "designer.shots ['pictures'] offscreen"),
        (["tour", "--out", "pictures"], {"DISPLAY": ":7"}, "designer.tour ['--out', 'pictures'] None"),
        ([], {"DISPLAY": ":7"}, "designer [] None"),
        (["my net.loom/"], {"WAYLAND_DISPLAY": "w"}, "designer ['my net.loom/'] None"),
    ],
)
def test_commands_reach_their_modules(finished: Path, arguments: list[str], environ: dict[str, str], told: str) -> None:
    ended = run(finished, *arguments, **environ)
    assert ended.returncode == 7, ended.stderr
    assert ended.stdout == f"{told} {finished.parent}\n"
    assert ended.stderr == ""


@POSIX
@pytest.mark.parametrize("arguments", [[], ["my net.loom"]])
def test_without_a_display_the_tour_runs(finished: Path, arguments: list[str]) -> None:
    ended = run(finished, *arguments)
    pictures = str(finished / "xdg/layerloom/tour")
    assert ended.returncode == 7, ended.stderr
    assert ended.stdout.splitlines()[0].startswith("There is no display here")
    assert ended.stdout.splitlines()[1].startswith(f"designer.tour ['--out', {pictures!r}] offscreen")


def test_help_is_preceded_by_the_commands_of_main(finished: Path) -> None:
    *told, _, cli = run(finished, "--help").stdout.splitlines()
    wanted = ("the window", "main.py test", "main.py parity", "main.py tour", "main.py shots", "main.py bench --gui")
    assert all(words in line for words, line in zip(wanted, told, strict=True))
    assert cli.startswith("engine.cli ['--help']")


def test_test_without_words_runs_everything_on_all_cores(checkout: Path) -> None:
    (checkout / "pytest.py").write_text(TELL, encoding="utf-8")
    ended = run(checkout, "test")
    assert ended.stdout == f"pytest ['-n', 'auto', '--dist', 'loadscope'] offscreen {checkout}\n"


def test_test_passes_its_words_to_pytest(checkout: Path) -> None:
    (checkout / "pytest.py").write_text(TELL, encoding="utf-8")
    ended = run(checkout, "test", "--long", "-x", "tests/test_it.py")
    assert ended.stdout == f"pytest ['-m', '', '-x', 'tests/test_it.py'] offscreen {checkout}\n"
    assert stand_in(checkout).stamp()["extras"] == ["test"]


CALLED = """\
import os, sys
names = ("LAYERLOOM_PEERS", "NUMBA_BOUNDSCHECK", "LAYERLOOM_CACHE", "LAYERLOOM_TABLE")
print(sys.argv[1:], {name: os.environ[name] for name in names if name in os.environ})
"""


def test_kernels_are_checked_for_bounds_with_a_cold_cache_of_their_own(checkout: Path) -> None:
    (checkout / "pytest.py").write_text(CALLED, encoding="utf-8")
    stale = checkout / "xdg/layerloom/boundscheck/stale"
    stale.mkdir(parents=True)
    ended = run(checkout, "test", "--boundscheck")
    words, environ = ended.stdout.split("] ")
    assert "tests/engine/kernels" in words
    assert words.endswith("'-n', 'auto', '--dist', 'loadscope'")
    assert ast.literal_eval(environ) == {"NUMBA_BOUNDSCHECK": "1", "LAYERLOOM_CACHE": str(stale.parent)}
    assert not stale.exists()
    some = run(checkout, "test", "--boundscheck", "tests/test_it.py").stdout
    assert some.startswith("['tests/test_it.py'] {'NUMBA_BOUNDSCHECK': '1'")


def test_the_table_of_errors_is_measured_anew(checkout: Path) -> None:
    (checkout / "pytest.py").write_text(CALLED, encoding="utf-8")
    ended = run(checkout, "parity")
    words, environ = ended.stdout.split("] ")
    assert words.startswith("['-q', 'tests/parity', ")
    assert ast.literal_eval(environ) == {"LAYERLOOM_TABLE": str(checkout / "xdg/layerloom/parity")}
    assert stand_in(checkout).stamp()["extras"] == ["test"]


@POSIX
def test_qt_that_started_once_is_not_tried_again(checkout: Path) -> None:
    trial = checkout / "designer/display.py"
    trial.write_text("print('tried')", encoding="utf-8")
    assert "tried" in run(checkout, DISPLAY=":17").stdout
    assert "tried" not in run(checkout, DISPLAY=":17").stdout
    assert "tried" in run(checkout, DISPLAY=":18").stdout
    trial.write_text("import sys; print('told'); sys.exit(1)", encoding="utf-8")
    ended = run(checkout, DISPLAY=":19")
    assert (ended.returncode, ended.stdout) == (1, "told\n")


def test_relative_cache_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "somewhere")
    assert user_cache().is_absolute()
    assert user_cache().name == "layerloom"


def test_qt_starts_where_the_tests_run() -> None:
    assert display.start_qt() == ""
    assert display.main() == display.STARTS


def test_qt_that_cannot_start_is_explained(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "loom")
    assert display.main() == display.LACKS_SOMETHING
    assert 'Could not find the Qt platform plugin "loom"' in capsys.readouterr().err


def test_missing_libraries_are_read_from_what_the_loader_says() -> None:
    said = (
        "Cannot load library /x y/libqxcb.so: libxcb-icccm.so.4: cannot open shared object file: No such file\n"
        "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"
        "Cannot load library /x y/libqxcb.so: libxcb-icccm.so.4: cannot open shared object file: No such file\n"
    )
    assert display.missing_libraries(said) == ["libEGL.so.1", "libxcb-icccm.so.4"]


@pytest.mark.parametrize(("tool", "library"), [("apt-get", "libxcb-icccm4"), ("dnf", "xcb-util-wm")])
def test_mending_command_fits_the_system_and_the_platform(tool: str, library: str) -> None:
    def find(name: str) -> str | None:
        return f"/usr/bin/{name}" if name == tool else None

    assert display.mending_command("", find)[:2] == [tool, "install"]
    assert library in display.mending_command("", find)
    assert library not in display.mending_command("offscreen", find)
    assert display.mending_command("", lambda name: None) == []

"""Puts the commands together and turns mistakes into sentences."""

from __future__ import annotations

import importlib.metadata
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import engine
from engine.cli import bench, docs, evaluate, export, import_model, new, predict, selfcheck, summary, train
from engine.cli.output import complain, say, tell
from engine.errors import LayerloomError
from engine.registry import plugin_faults

PROGRAM = "python3 main.py"
MISTAKE = 2
INTERRUPTED = 130

app = typer.Typer(
    name="layerloom",
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Begin with: python3 main.py new digits-dense digits.loom, then: python3 main.py train digits.loom",
)
for module in (new, train, evaluate, predict, export, import_model, summary, bench, docs, selfcheck):
    name = module.__name__.rpartition(".")[2]
    # Blank lines, because the help joins lines that follow each other directly. No module can be called "import".
    app.command(name.partition("_")[0], epilog="\n\n".join(("For example:", *module.EXAMPLES)))(getattr(module, name))


def _version(wanted: bool) -> None:
    if wanted:
        tell(f"Layerloom {_version_text()}")
        raise typer.Exit


def _version_text() -> str:
    declared = Path(engine.__file__).parent.parent / "pyproject.toml"
    if declared.is_file():  # a checkout, which runs in place
        return str(tomllib.loads(declared.read_text("utf-8"))["project"]["version"])
    return importlib.metadata.version("layerloom")


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Draw a neural network, train it, watch it learn, and take the result away.

    These commands work on projects without the window; each explains itself with --help.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 done, 1 a check failed, 2 a mistake, 130 Ctrl-C."""
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks × shows ? instead of failing
    for fault in plugin_faults:
        say(f"Note: {fault}")
    try:
        code = app(given, prog_name=PROGRAM, standalone_mode=False)
    except LayerloomError as error:
        complain(str(error))
        return MISTAKE
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted.")
        return INTERRUPTED
    except Exception as error:
        # The parser's own errors have no common base across typer's versions, but all can tell themselves.
        told = getattr(error, "format_message", None)
        if told is None:
            raise
        known = [command.name for command in app.registered_commands]
        place = f"{PROGRAM} {given[0]}" if given[0] in known else PROGRAM
        complain(f"{str(told()).rstrip('.')}. See {place} --help.")
        return MISTAKE
    return code if isinstance(code, int) else 0

"""Python files that build a network, read as pasted code is."""

from __future__ import annotations

from pathlib import Path

from engine.exchange.importing.importer import Imported
from engine.exchange.snippets.limits import LENGTH, SnippetError
from engine.exchange.snippets.snippet import Snippet, read_snippet
from engine.infer import infer
from engine.project import Project

#: The ending of such files.
ENDING = ".py"


def is_script(path: Path) -> bool:
    """Whether a file's name says that it is Python code."""
    return path.suffix.lower() == ENDING and not path.is_dir()


def read_script(path: Path) -> Snippet:
    """Read a file; nothing of it is run.

    Raises:
        SnippetError: it is no text, too long, or not understood.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(4 * LENGTH + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SnippetError(0, "The file is no text in UTF-8; save it as such.") from None
    return read_snippet(text)


def import_script(path: Path) -> Imported:
    """A Python file as a project without weights.

    Raises:
        SnippetError, OSError: as ``read_script``.
    """
    found = read_script(path)
    graph = found.graph
    if not graph.nodes:
        raise SnippetError(0, "The code builds no network; it only says how to train one.")
    count = sum(infer(graph).parameter_count())
    summary = f"Read: {len(graph.nodes)} layers, {count:,} parameters; the code was not run, so they are untrained."
    return Imported(found.settled(Project(graph=graph)), None, (summary, *found.notes))

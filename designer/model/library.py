"""The user's own blocks: parts of networks, each a file in one folder, that serve in every project."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer.model.clipboard import MAX_BYTES, block_from_text, block_to_text
from designer.model.grouping import LONGEST, words_of
from designer.model.groups import FEWEST, groups_of
from designer.text import tr
from engine.data.files import reason
from engine.errors import FileError, GraphError
from engine.graph import Graph
from engine.io.disk import Disk, put

#: What the heading says under which the palette shows them.
HEADING = "My blocks"
#: Blocks that are read from the folder at most.
MOST_BLOCKS = 500
_Stamp = tuple[int, int]


@dataclass(frozen=True)
class KeptBlock:
    """A block of the library.

    Attributes:
        name: as people read it.
        path: its file.
        graph: its layers.
    """

    name: str
    path: Path
    graph: Graph

    #: What the palette shows it by, as it shows layers.
    category = HEADING
    icon = "mdi6.group"

    @property
    def title(self) -> str:
        """Its name."""
        return self.name


class BlockLibrary(QObject):
    """Blocks in a folder. Each has a file of its own, so two windows never lose each other's.

    Args:
        folder: where they lie; made when the first one is kept.

    Attributes:
        changed: blocks came, went or were renamed.
    """

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._disk = Disk()
        self._read: dict[Path, tuple[_Stamp, KeptBlock | str]] = {}
        self._blocks: tuple[KeptBlock, ...] = ()
        self._faults: tuple[str, ...] = ()
        self.refresh()

    @property
    def blocks(self) -> tuple[KeptBlock, ...]:
        """All that can be read, by name."""
        return self._blocks

    @property
    def faults(self) -> tuple[str, ...]:
        """A sentence for each file that cannot be read; it is left as it is."""
        return self._faults

    def refresh(self) -> None:
        """Look at the folder again; only files that changed are read."""
        try:
            paths = sorted(self._folder.glob("*.json"))[:MOST_BLOCKS]
        except OSError:
            paths = []
        self._read = {path: found for path in paths if (found := self._entry(path)) is not None}
        entries = [entry for _, entry in self._read.values()]
        blocks = sorted((e for e in entries if isinstance(e, KeptBlock)), key=lambda b: (b.name.casefold(), b.path))
        before = self._blocks, self._faults
        self._blocks, self._faults = tuple(blocks), tuple(entry for entry in entries if isinstance(entry, str))
        if (self._blocks, self._faults) != before:
            self.changed.emit()

    def _entry(self, path: Path) -> tuple[_Stamp, KeptBlock | str] | None:
        """What a file holds, with the time and size by which a change is noticed; ``None`` when it is gone."""
        try:
            told = path.stat()
            stamp = told.st_mtime_ns, told.st_size
            known = self._read.get(path)
            return known if known is not None and known[0] == stamp else (stamp, self._opened(path, told.st_size))
        except OSError:
            return None

    def _opened(self, path: Path, size: int) -> KeptBlock | str:
        try:
            if size > MAX_BYTES:
                raise FileError(tr("It is larger than {most:,} bytes.", most=MAX_BYTES))
            name, graph = block_from_text(path.read_bytes(), path.name)
            return KeptBlock("/".join(words_of(name))[:LONGEST], path, graph)
        except OSError as error:
            fault = reason(error)
        except (FileError, GraphError) as error:
            fault = str(error)
        return tr("The block in '{file}' cannot be read and is left out. {fault}", file=path.name, fault=fault)

    def keep(self, name: str, graph: Graph, ids: Collection[str]) -> KeptBlock:
        """Keep some layers of a network with the wires among them.

        Args:
            name: of the block; its layers form a group of that name wherever they are put.
            graph: the network.
            ids: the layers.

        Raises:
            GraphError: no name, or no layers.
            FileError: it is too large, or cannot be written.
        """
        if not ids:
            raise GraphError(tr("Select the layers to keep first."))
        called = "/".join(words_of(name))
        stem = re.sub(r"[^a-z0-9]+", "-", called.casefold()).strip("-")[:40] or "block"
        path = self._folder / f"{stem}-{uuid.uuid4().hex[:12]}.json"
        block = KeptBlock(called, path, _under(called, graph.part(ids), _depth(graph, ids)))
        self._write(block)
        return block

    def rename(self, block: KeptBlock, name: str) -> None:
        """Give a block another name.

        Raises:
            GraphError: no name.
            FileError: it is gone, or cannot be written.
        """
        called = "/".join(words_of(name))
        if not block.path.exists():
            self.refresh()
            raise FileError(tr("The block '{name}' is not there any more.", name=block.name))
        if called != block.name:
            inside = all(node.name.startswith(f"{block.name}/") for node in block.graph.nodes.values())
            depth = block.name.count("/") + 1 if inside else 0
            self._write(KeptBlock(called, block.path, _under(called, block.graph, depth)))

    def remove(self, block: KeptBlock) -> None:
        """Delete a block for good.

        Raises:
            FileError: it cannot be deleted.
        """
        try:
            block.path.unlink(missing_ok=True)
        except OSError as error:
            raise FileError(
                tr("The block '{name}' cannot be deleted: {why}.", name=block.name, why=reason(error))
            ) from None
        self.refresh()

    def _write(self, block: KeptBlock) -> None:
        data = block_to_text(block.name, block.graph).encode()
        if len(data) > MAX_BYTES:
            raise FileError(tr("The block is larger than {most:,} bytes. Keep fewer layers.", most=MAX_BYTES))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            put(self._disk, block.path, data)
        except OSError as error:
            raise FileError(
                tr("The block '{name}' cannot be kept: {why}.", name=block.name, why=reason(error))
            ) from None
        self.refresh()


def _depth(graph: Graph, ids: Collection[str]) -> int:
    """How many words of its layers' names are the name of the group that some layers are; 0 where they are none."""
    whole = [group for group in groups_of(graph) if set(group.nodes) == set(ids)]
    return whole[-1].name.count("/") + 1 if whole else 0


def _under(name: str, part: Graph, depth: int) -> Graph:
    """Layers as a group with a name, which stands for as many words of the names that they have."""
    if len(part.nodes) < FEWEST:
        return part.labelled(next(iter(part.nodes)), name)
    for key, node in part.nodes.items():
        rest = node.name.split("/")[depth:] or [key]
        part = part.labelled(key, "/".join([name, *rest]))
    return part

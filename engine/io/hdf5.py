"""HDF5 files from anyone: nothing is opened that is not on a short list of harmless things.

By design an HDF5 file can make its reader open other files (external storage, external links,
virtual data sets), follow circles, or allocate terabytes from a kilobyte. There is no switch
against it, so this walker looks at every object through the low-level interface before it opens
it, and at every data set's storage before it reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from engine.data.files import size_text
from engine.errors import FileError

#: What damaged or hostile bytes make h5py raise.
BROKEN = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError, AttributeError)
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
_LAYOUTS = {h5py.h5d.COMPACT, h5py.h5d.CONTIGUOUS, h5py.h5d.CHUNKED}


@dataclass(frozen=True)
class Limits:
    """How much one file may hold.

    Attributes:
        total: bytes of all data sets together, unpacked.
        array: bytes of one data set, unpacked.
        objects: groups and data sets.
        depth: groups within groups.
        attributes: per object.
        attribute: bytes of one attribute.
        chunk: bytes of one chunk.
        ratio: how far a data set may unpack.
    """

    total: int = 8 * 2**30
    array: int = 8 * 2**30
    objects: int = 100_000
    depth: int = 32
    attributes: int = 64
    attribute: int = 65_536
    chunk: int = 64 * 2**20
    ratio: int = 1000


@dataclass(frozen=True)
class Stored:
    """A data set that passed every check; nothing of it is read yet."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _id: Any = field(repr=False)

    def read(self) -> npt.NDArray[Any]:
        """Its values in the machine's own byte order.

        Raises:
            FileError: its bytes are damaged.
        """
        try:
            values = np.empty(self.shape, self.dtype.newbyteorder("="))
            if values.size:
                self._id.read(h5py.h5s.ALL, h5py.h5s.ALL, values)
            return values
        except BROKEN as error:
            raise FileError(f"The weights file is damaged ({_first_line(error)}).") from None


@dataclass(frozen=True)
class Contents:
    """Everything in a file, by path without a leading slash.

    Attributes:
        arrays: data sets.
        attributes: the root's attributes: numbers and fixed texts.
    """

    arrays: Mapping[str, Stored]
    attributes: Mapping[str, int | float | str]


#: Called with every group that passed the checks and its path, to read attributes of it.
Look = Callable[[Any, str], None]


@contextmanager
def opened(image: bytes, limits: Limits | None = None, look: Look | None = None) -> Iterator[Contents]:
    """Open the bytes of an HDF5 file; arrays can be read until the block ends.

    Args:
        image: the whole file.
        limits: how much it may hold.
        look: given for other programs' files: it reads their attributes, and arrays that hold something else
            than numbers, or large ones that were never written, are passed over instead of being refused.

    Raises:
        FileError: the bytes are damaged, or hold something that is not on the list.
    """
    try:
        file = h5py.h5f.open_file_image(image)
    except BROKEN as error:
        raise FileError(f"The weights file is not readable as HDF5 ({_first_line(error)}).") from None
    try:
        yield _Walk(limits or Limits(), look).contents(file)
    finally:
        file.close()


class _Walk:
    """One pass over a file; remembers what it has seen and how much is left."""

    def __init__(self, limits: Limits, look: Look | None) -> None:
        self.limits = limits
        self.look = look
        self.left = limits.total
        self.seen: set[int] = set()
        self.arrays: dict[str, Stored] = {}

    def contents(self, file: Any) -> Contents:
        """Check the whole file."""
        try:
            root = h5py.h5g.open(file, b"/")
            self.seen.add(h5py.h5o.get_info(root).addr)
            attributes = self._attributes(root) if self.look is None else {}
            self._group(root, "", 0)
        except BROKEN as error:
            if isinstance(error, FileError):
                raise
            raise FileError(f"The weights file is damaged ({_first_line(error)}).") from None
        return Contents(self.arrays, attributes)

    def _group(self, group: Any, path: str, depth: int) -> None:
        if depth > self.limits.depth:
            raise _refused(path, f"is nested more than {self.limits.depth} deep")
        if self.look is not None:
            self._count_attributes(group, path)
            self.look(group, path)
        count = group.get_num_objs()
        if count + len(self.seen) > self.limits.objects:
            raise _refused(path, f"brings more than {self.limits.objects:,} objects")
        # Names only: opening a name would already follow a link into another file.
        for name in [group.get_objname_by_idx(place) for place in range(count)]:
            place = f"{path}/{name.decode('utf-8')}".lstrip("/")
            if group.links.get_info(name).type != h5py.h5l.TYPE_HARD:
                raise _refused(place, "is a link, which could lead to another file")
            info = h5py.h5o.get_info(group, name)
            if info.addr in self.seen:
                raise _refused(place, "is a second name of something else")
            self.seen.add(info.addr)
            if info.type == h5py.h5o.TYPE_GROUP:
                self._group(h5py.h5g.open(group, name), place, depth + 1)
            elif info.type == h5py.h5o.TYPE_DATASET:
                found = self._dataset(h5py.h5d.open(group, name), place)
                if found is not None:
                    self.arrays[place] = found
            else:
                raise _refused(place, "is neither a group nor an array")

    def _dataset(self, data: Any, path: str) -> Stored | None:
        plan = data.get_create_plist()
        layout = plan.get_layout()
        if layout not in _LAYOUTS or plan.get_external_count():
            raise _refused(path, "keeps its values in another file")
        kind = data.get_type()
        if self.look is not None and not _is_number(kind):
            return None
        if layout == h5py.h5d.CHUNKED:
            self._check_chunks(plan, data, path)
        if not _is_number(kind):
            raise _refused(path, "holds something else than numbers")
        dtype = kind.dtype
        if dtype.kind not in "fiu" or dtype.itemsize != kind.get_size():
            raise _refused(path, "holds numbers of an unusual type")
        if data.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            raise _refused(path, "holds nothing")
        shape = tuple(int(n) for n in data.shape)
        size = prod(shape) * dtype.itemsize
        stored = int(data.get_storage_size())
        whole = size == stored
        if layout == h5py.h5d.CHUNKED or (self.look is not None and stored == 0):
            whole = size <= self.limits.ratio * stored + 2**20
        if not whole and self.look is not None and stored == 0 and layout == h5py.h5d.CONTIGUOUS:
            return None  # never written: other programs leave an optimizer's zeros out
        if not whole:
            raise _refused(path, f"announces {size_text(size)}, but only {size_text(stored)} are there")
        if size > self.limits.array:
            raise _refused(path, f"holds more than {size_text(self.limits.array)}")
        self.left -= size
        if self.left < 0:
            raise _refused(path, f"goes beyond {size_text(self.limits.total)} in all")
        self._count_attributes(data, path)
        return Stored(shape, dtype, data)

    def _check_chunks(self, plan: Any, data: Any, path: str) -> None:
        filters = {plan.get_filter(place)[0] for place in range(plan.get_nfilters())}
        if not filters <= _FILTERS:
            raise _refused(path, "is packed in a way that is not allowed")
        if prod(plan.get_chunk()) * data.get_type().get_size() > self.limits.chunk:
            raise _refused(path, f"has chunks of more than {size_text(self.limits.chunk)}")

    def _count_attributes(self, thing: Any, path: str) -> int:
        count = int(h5py.h5a.get_num_attrs(thing))
        if count > self.limits.attributes:
            raise _refused(path, f"has more than {self.limits.attributes} attributes")
        return count

    def _attributes(self, root: Any) -> dict[str, int | float | str]:
        found: dict[str, int | float | str] = {}
        for place in range(self._count_attributes(root, "/")):
            attribute = h5py.h5a.open(root, index=place)
            name = attribute.name.decode("utf-8")
            kind = attribute.get_type()
            fixed = kind.get_class() == h5py.h5t.STRING and not kind.is_variable_str()
            large = attribute.get_storage_size() > self.limits.attribute
            if attribute.shape != () or large or not (fixed or _is_number(kind)):
                raise _refused(name, "is an attribute of an unusual kind")
            value = np.empty((), kind.dtype)
            attribute.read(value)
            item = value.item()
            found[name] = item.decode("utf-8") if isinstance(item, bytes) else item
        return found


def _is_number(kind: Any) -> bool:
    return kind.get_class() in (h5py.h5t.INTEGER, h5py.h5t.FLOAT) and kind.get_size() <= 8


def _refused(path: str, why: str) -> FileError:
    return FileError(f"The weights file is not safe to open: '{path[:80]}' {why}.")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]

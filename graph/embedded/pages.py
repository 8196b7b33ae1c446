"""The pages of the file, looked at before LMDB follows them: it ends the whole process where one makes no sense.

LMDB trusts what it finds. A page that was zeroed, or written in another's place, makes it fail an assertion of its own
or read beyond the page, and no exception can be caught. So its trees are walked here from the roots down, by reading
alone, and every page must say that it is the one looked for, and of the kind that belongs at its depth.

* At each open: the roots and, up to `PAGES_AT_OPEN` for each database, the pages under them, spread evenly. It is a
  fraction of a second in a file of any size, and finds what is broken near the root or in many places.
* Before an import or an export (`whole`): all pages of all trees.
* `verify` only (`lmdb.verify`): also keys and their order, values, overflow pages, the list of free pages, counters.

What lies in the values is the business of `graph.embedded.verifying`.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import lmdb
import lmdb.verify

PAGES_AT_OPEN: Final = 2_000
_PROBLEMS_MAX: Final = 20

_HEADER: Final = struct.Struct("=QHHHH")
"""Of a page: its number, padding, flags, where the pointers end, where the nodes begin."""
_NODE: Final = struct.Struct("=HHHH")
"""Of a node: in a branch the child's number, in a leaf the value's size and the flags; then the key's size."""
_TREE: Final = struct.Struct("=IHHQQQQQ")
_META: Final = struct.Struct(f"=II8xQ{_TREE.size}s{_TREE.size}sQQ")
_BRANCH: Final = 1
_LEAF: Final = 2
_SUBTREE: Final = 2
"""A flag of a leaf's node: its value is the root of a database."""
_NO_ROOT: Final = 2**64 - 1
_METAS: Final = 2


class _Tree(NamedTuple):
    """A database, as it is written in the file."""

    page_bytes: int
    flags: int
    depth: int
    branches: int
    leaves: int
    overflows: int
    entries: int
    root: int


def problems_of_pages(path: Path, env: lmdb.Environment, *, whole: bool) -> list[str]:
    """What is wrong with the trees' pages, one line each, not more than some twenty."""
    return _twice(env, lambda: list(_walked(path, whole=whole)))


def problems_of_structure(path: Path, env: lmdb.Environment) -> list[str]:
    """Everything that is wrong with how the file is put together (`lmdb.verify`), but for what lies in the values."""

    def verified() -> list[str]:
        try:
            problems: list[str] = lmdb.verify.verify(str(path), subdir=False)  # type: ignore[no-untyped-call]
        except lmdb.verify.VerifyError as error:
            return [str(error)]
        return problems

    return _twice(env, verified)


def _twice(env: lmdb.Environment, look: Callable[[], list[str]]) -> list[str]:
    """What two looks agree on. No page of the newest state is written anew while a transaction holds on to it.

    But a look may come between the writing of two meta pages, and when the map grows the transaction ends.
    """
    problems: list[str] = []
    for _ in range(2):
        with env.begin():
            found = look()
        problems = [problem for problem in found if not problems or problem in problems]
        if not found:
            return []
    return problems


def _walked(path: Path, *, whole: bool) -> Iterator[str]:
    """Without LMDB, so that nothing can happen. A file that is shorter than it says was refused before."""
    file = os.open(path, os.O_RDONLY)
    try:
        with mmap.mmap(file, 0, prot=mmap.PROT_READ) as data:
            yield from islice(_Walk(data, None if whole else PAGES_AT_OPEN).problems(), _PROBLEMS_MAX)
    finally:
        os.close(file)


class _Walk:
    """One walk over the trees of the newest state. `most`: of each database, pages of the lowest two levels."""

    def __init__(self, data: mmap.mmap, most: int | None) -> None:
        self._data = data
        self._most = most
        self._page_bytes = 0
        self._end = 0
        """The first page number beyond the newest state."""

    def problems(self) -> Iterator[str]:
        metas = [_META.unpack_from(self._data, at + _HEADER.size) for at in self._metas()]
        _, _, _, free, main, last_page, _ = max(metas, key=lambda meta: int(meta[-1]))
        self._end = min(last_page + 1, len(self._data) // self._page_bytes)
        yield from self._tree("the list of free pages", _Tree._make(_TREE.unpack(free)))
        databases = _Tree._make(_TREE.unpack(main))
        yield from self._tree("the list of databases", databases)
        for name, tree in self._databases(databases):
            yield from self._tree(name, tree)

    def _metas(self) -> tuple[int, int]:
        """Where the two pages lie that say where all else begins. LMDB has looked at them when it opened the file."""
        self._page_bytes, *_ = _TREE.unpack(_META.unpack_from(self._data, _HEADER.size)[3])
        return 0, self._page_bytes

    def _databases(self, databases: _Tree) -> Iterator[tuple[str, _Tree]]:
        """Those named in the list, if it is in order: one page."""
        if databases.depth != 1 or self._problem(databases.root, _LEAF) is not None:
            return
        page = databases.root * self._page_bytes
        for node in self._nodes(databases.root):
            _, _, flags, key_bytes = _NODE.unpack_from(self._data, page + node)
            value = page + node + _NODE.size + key_bytes
            if flags & _SUBTREE and value + _TREE.size <= page + self._page_bytes:
                name = self._data[page + node + _NODE.size : value].decode(errors="replace")
                yield name, _Tree._make(_TREE.unpack_from(self._data, value))

    def _tree(self, name: str, tree: _Tree) -> Iterator[str]:
        if tree.root == _NO_ROOT:
            return
        stride = 1 if self._most is None else 1 + (tree.branches + tree.leaves) // self._most
        seen = twigs = 0
        pages = [(tree.root, 1)]
        while pages:
            page, depth = pages.pop()
            seen += 1
            if seen > self._end:
                yield f"{name}: its pages go round in a circle"
                return
            problem = self._problem(page, _LEAF if depth == tree.depth else _BRANCH)
            if problem is not None:
                yield f"page {page} of {name}: {problem}"
            elif depth < tree.depth:
                if depth == tree.depth - 1:
                    twigs += 1
                    if twigs % stride:
                        continue
                pages.extend((child, depth + 1) for child in self._children(page))

    def _problem(self, page: int, kind: int) -> str | None:
        """What is wrong with a page that should be a branch or a leaf; None for a good one."""
        if not _METAS <= page < self._end:
            return "beyond the end"
        number, _, flags, lower, upper = _HEADER.unpack_from(self._data, page * self._page_bytes)
        if number != page or flags != kind:
            return "another page, or none, lies in its place"
        least = _HEADER.size + (4 if kind == _BRANCH else 2)
        if not least <= lower <= upper <= self._page_bytes or lower % 2:
            return "its bounds make no sense"
        nodes = self._nodes(page)
        if min(nodes) < upper or max(nodes) > self._page_bytes - _NODE.size:
            return "what it holds lies outside of it"
        return None

    def _nodes(self, page: int) -> tuple[int, ...]:
        """Where in a page of sensible bounds its nodes begin."""
        at = page * self._page_bytes
        lower = _HEADER.unpack_from(self._data, at)[3]
        return struct.unpack_from(f"={(lower - _HEADER.size) // 2}H", self._data, at + _HEADER.size)

    def _children(self, page: int) -> Iterator[int]:
        at = page * self._page_bytes
        for node in self._nodes(page):
            low, middle, high, _ = _NODE.unpack_from(self._data, at + node)
            yield low | middle << 16 | high << 32

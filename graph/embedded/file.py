"""The file: opening and checking it, its map's size, its transactions, and its errors in one line.

One process opens a file once; any number of processes read it, and LMDB lets one of all write at a time. A lock file
stands beside it, which may be removed when nobody has the file open.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import lmdb
import lmdb.verify
import msgspec

from authority.moments import SINCE_EVER
from graph.chain import GENESIS
from graph.embedded.layout import FORMAT, MAGIC, Head, pack_head
from graph.embedded.pages import problems_of_pages, problems_of_structure
from graph.errors import DamagedLedger, ForeignLedger, LedgerUnavailable

MAP_SIZE: Final = 1 << 30
"""Bytes of address space to begin with; the map doubles when it is full. The file is only as large as it needs."""
_READERS_MAX: Final = 1022
_DAMAGED = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.PageFullError,
    lmdb.CursorFullError,
    lmdb.InvalidError,
    lmdb.BadTxnError,
    lmdb.PanicError,
    msgspec.MsgspecError,
)


class LedgerFile:
    """An open file. `ledger_id` names the ledger in it; the databases are those of `graph.embedded.layout`."""

    def __init__(self, path: Path, env: lmdb.Environment, *, read_only: bool, ledger_id: str | None = None) -> None:
        self.path = path
        self.env = env
        self.read_only = read_only
        with self.errors():
            if not read_only:
                self._make(ledger_id or secrets.token_hex(8))
            self._recognise()
        if ledger_id is not None and self.ledger_id != ledger_id:
            raise ForeignLedger(f"{path}: a graph of another ledger, {self.ledger_id}")

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        read_only: bool,
        create: bool,
        whole: bool = False,
        map_size: int = MAP_SIZE,
        ledger_id: str | None = None,
    ) -> LedgerFile:
        """`whole`: look at all pages first. `ledger_id`: of the ledger that it is a copy of.

        Raises LedgerUnavailable, ForeignLedger, DamagedLedger.
        """
        path = Path(path)
        with _errors(path):
            _check_place(path, may_make=create and not read_only)
            env = lmdb.open(
                str(path),
                map_size=max(map_size, _size(path)),
                subdir=False,
                readonly=read_only,
                max_dbs=8,
                max_readers=_READERS_MAX,
                max_spare_txns=1,
                mode=0o600,
            )
        try:
            with _errors(path):
                env.reader_check()
                _check_size(path, env)
                _check_pages(path, env, whole=whole)
            try:
                return cls(path, env, read_only=read_only, ledger_id=ledger_id)
            except lmdb.MapResizedError:
                env.set_mapsize(0)  # another process grew the file between two looks at its size
                return cls(path, env, read_only=read_only, ledger_id=ledger_id)
        except BaseException:
            env.close()
            raise

    def _make(self, ledger_id: str) -> None:
        """Lay out a new file. One that holds anything at all is left as it is."""
        with self.env.begin() as txn:
            if txn.stat()["entries"]:
                return
        with self.env.begin(write=True) as txn:
            if txn.stat()["entries"]:
                return
            meta = self.env.open_db(b"meta", txn=txn)
            for name in (b"ledger", b"versions", b"records", b"pairs", b"mentions"):
                self.env.open_db(name, txn=txn)
            txn.put(b"format", MAGIC + str(FORMAT).encode(), db=meta)
            txn.put(b"ledger", ledger_id.encode(), db=meta)
            txn.put(b"head", pack_head(Head(0, GENESIS, 0, SINCE_EVER)), db=meta)
        directory = os.open(self.path.resolve().parent, os.O_RDONLY)
        try:
            os.fsync(directory)  # the name of a new file is not durable before its directory is
        finally:
            os.close(directory)

    def _recognise(self) -> None:
        foreign = ForeignLedger(f"{self.path}: not a Machtigen graph")
        try:
            self.meta = self.env.open_db(b"meta", create=False)
            with self.env.begin(db=self.meta) as txn:
                stamp, ledger_id = txn.get(b"format") or b"", txn.get(b"ledger") or b""
        except (lmdb.NotFoundError, lmdb.IncompatibleError, lmdb.ReadonlyError) as error:
            raise foreign from error
        if not stamp.startswith(MAGIC) or not ledger_id:
            raise foreign
        if stamp != MAGIC + str(FORMAT).encode():
            found = stamp.removeprefix(MAGIC)[:20].decode(errors="replace")
            raise ForeignLedger(
                f"{self.path}: graph format {found}, this version reads {FORMAT}; "
                "export it with the version that wrote it and import it here"
            )
        self.ledger_id = ledger_id.decode()
        self.ledger = self.env.open_db(b"ledger", create=False)
        self.versions = self.env.open_db(b"versions", create=False)
        self.records = self.env.open_db(b"records", create=False)
        self.pairs = self.env.open_db(b"pairs", create=False)
        self.mentions = self.env.open_db(b"mentions", create=False)

    def begin(self) -> lmdb.Transaction[bytes]:
        """A read transaction, on the thread that reads; wider if another process grew the file."""
        try:
            return self.env.begin()
        except lmdb.MapResizedError:
            self.env.set_mapsize(0)
        except lmdb.ReadersFullError:
            self.env.reader_check()
        return self.env.begin()

    def let_go_of_the_dead(self) -> None:
        """Take the places of killed readers from them: what a reader may still look at is never written over."""
        self.env.reader_check()

    def readers(self) -> int:
        """How many read transactions of any process are open, of killed ones too."""
        _, _, lines = self.env.readers().partition("txnid\n")
        return sum(not line.endswith("-") for line in lines.splitlines())

    def structure(self) -> list[str]:
        """What is wrong with how the file is put together, looked at page by page without LMDB; some 5 s a GB."""
        return problems_of_structure(self.path, self.env)

    def grow(self) -> None:
        """Double the map. No transaction of this process may be open."""
        self.env.set_mapsize(2 * self.env.info()["map_size"])

    def adopt(self) -> None:
        """Take over the size that another process gave the map. No transaction of this process may be open."""
        self.env.set_mapsize(0)

    def fill_up(self) -> None:
        """Make the file as long as its page count says, so that one cut short can be told from a whole one.

        LMDB does not write pages that a transaction took and gave back.
        """
        needed = _pages_size(self.env)
        if _size(self.path) < needed:
            file = os.open(self.path, os.O_RDWR)
            try:
                os.posix_fallocate(file, needed - 1, 1)  # never shortens what another process has made longer
            finally:
                os.close(file)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """LMDB's errors as ours, with the file's name."""
        with _errors(self.path):
            yield

    def close(self) -> None:
        """Let go of the file."""
        self.env.close()


def in_our_words(path: Path, error: BaseException) -> LedgerUnavailable | None:
    """What a user is told instead of this error; None where it is not one of the file's."""
    if isinstance(error, lmdb.MapFullError | lmdb.MapResizedError):
        return None  # no errors: the map is made larger
    if isinstance(error, lmdb.VersionMismatchError):
        return ForeignLedger(f"{path}: an LMDB file of another format version")
    if isinstance(error, _DAMAGED):
        return DamagedLedger(f"{path}: damaged ({_reason(error)}); restore it from a backup")
    if isinstance(error, lmdb.DiskError):
        return LedgerUnavailable(f"{path}: no space left on the disk")
    if isinstance(error, lmdb.ReadonlyError):
        return LedgerUnavailable(f"{path}: opened for reading only")
    if isinstance(error, lmdb.ReadersFullError):
        return LedgerUnavailable(f"{path}: {_READERS_MAX} readers have it open, no more can")
    if isinstance(error, lmdb.Error | OSError):
        return LedgerUnavailable(f"{path}: {_reason(error)}")
    return None


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        told = in_our_words(path, error)
        if told is None:
            raise
        raise told from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    if "already open in this process" in str(error):
        return "already open in this process"
    reason = getattr(error, "reason", None)
    return (reason or str(error)).lower()


def _check_place(path: Path, *, may_make: bool) -> None:
    """What stands there is a graph, or nothing where one may be made."""
    if path.is_dir():
        raise ForeignLedger(f"{path}: a directory, not a graph; name a file in it")
    if not path.exists():
        if not may_make:
            raise LedgerUnavailable(f"{path}: no such graph; `machtigen import FILE --graph {path}` makes one")
        if not path.parent.is_dir():
            raise LedgerUnavailable(f"{path}: its directory {path.parent} does not exist")
        return
    if not path.is_file():
        raise ForeignLedger(f"{path}: not a file")
    with path.open("rb") as file:
        start = file.read(64)
    if start == b"" and may_make:
        return
    if lmdb.verify.MDB_MAGIC.to_bytes(4, sys.byteorder) not in start:
        raise ForeignLedger(f"{path}: not a Machtigen graph")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _pages_size(env: lmdb.Environment) -> int:
    size: int = (env.info()["last_pgno"] + 1) * env.stat()["psize"]
    return size


def _check_size(path: Path, env: lmdb.Environment) -> None:
    """A file that was cut short is not read: the operating system would end the process at the first missing page."""
    if _size(path) >= _pages_size(env):
        return
    problems = lmdb.verify.verify(str(path))  # type: ignore[no-untyped-call]
    if problems:
        raise DamagedLedger(f"{path}: damaged, it ends too early; restore it from a backup")


def _check_pages(path: Path, env: lmdb.Environment, *, whole: bool) -> None:
    """A page that makes no sense is not read: LMDB would end the process."""
    problems = problems_of_pages(path, env, whole=whole)
    if problems:
        more = f" and {len(problems) - 1} more" if problems[1:] else ""
        raise DamagedLedger(f"{path}: damaged ({problems[0]}{more}); restore it from a backup")

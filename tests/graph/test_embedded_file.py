"""What opening says of a file that is damaged, foreign, missing or taken: one clear line, and never a crash."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import lmdb
import pytest

from graph.embedded import EmbeddedGraph
from graph.embedded.pages import problems_of_pages, problems_of_structure
from graph.errors import DamagedLedger, ForeignLedger, LedgerUnavailable
from tests.contracts.facts import hospital, mandate, may, person


async def made(path: Path, people: int = 500) -> Path:
    graph = EmbeddedGraph.open(path)
    await graph.append([*hospital(), *(person(f"p{n}") for n in range(people))])
    await graph.append([mandate(f"m{n}", f"p{n}", f"p{n + 1}") for n in range(people - 1)])
    await graph.close()
    return path


def one_line(error: pytest.ExceptionInfo[LedgerUnavailable], path: Path) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(f"{path}: ")
    return text


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_it_is_one_file_and_a_lock(tmp_path: Path) -> None:
    await made(tmp_path / "g")
    assert names_in(tmp_path) == {"g", "g-lock"}
    (tmp_path / "g-lock").unlink()
    graph = EmbeddedGraph.open(tmp_path / "g", read_only=True)
    assert (await graph.head()).position == 1001
    await graph.close()


async def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = await made(tmp_path / "g")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("read_only", "create"), [(True, True), (False, False)])
def test_missing(tmp_path: Path, read_only: bool, create: bool) -> None:
    with pytest.raises(LedgerUnavailable) as error:
        EmbeddedGraph.open(tmp_path / "g", read_only=read_only, create=create)
    assert "no such graph" in one_line(error, tmp_path / "g")
    assert list(tmp_path.iterdir()) == []


def test_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable) as error:
        EmbeddedGraph.open(tmp_path / "no" / "g")
    assert "does not exist" in one_line(error, tmp_path / "no" / "g")


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(ForeignLedger) as error:
        EmbeddedGraph.open(tmp_path)
    one_line(error, tmp_path)


@pytest.mark.parametrize("content", [b"hello", b"SQLite format 3\0" + bytes(4000), bytes(8192), os.urandom(20_000)])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_of_something_else(tmp_path: Path, content: bytes, read_only: bool) -> None:
    path = tmp_path / "g"
    path.write_bytes(content)
    with pytest.raises(ForeignLedger) as error:
        EmbeddedGraph.open(path, read_only=read_only)
    one_line(error, path)
    assert path.read_bytes() == content, "left as it was"


@pytest.mark.parametrize("read_only", [True, False])
def test_another_programs_lmdb_file(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "g"
    with lmdb.open(str(path), subdir=False, max_dbs=1) as env, env.begin(write=True) as txn:
        txn.put(b"theirs", b"1")
    with pytest.raises(ForeignLedger) as error:
        EmbeddedGraph.open(path, read_only=read_only)
    one_line(error, path)


async def test_another_format_version(tmp_path: Path) -> None:
    path = await made(tmp_path / "g")
    with lmdb.open(str(path), subdir=False, max_dbs=8) as env:
        meta = env.open_db(b"meta")
        with env.begin(write=True) as txn:
            txn.put(b"format", b"machtigen graph 99", db=meta)
    with pytest.raises(ForeignLedger, match="99") as error:
        EmbeddedGraph.open(path)
    assert "format" in one_line(error, path)


@pytest.mark.parametrize("kept", [100, 4096, 4097, 8192, 8193, 40_960, 0.5, 0.9, -1, -4096])
@pytest.mark.parametrize("read_only", [True, False])
async def test_a_file_that_was_cut_short(tmp_path: Path, kept: float, read_only: bool) -> None:
    path = await made(tmp_path / "g")
    size = path.stat().st_size
    whole = kept + size if kept < 0 else kept * size if kept < 1 else kept
    os.truncate(path, int(whole))
    with pytest.raises(LedgerUnavailable) as error:
        EmbeddedGraph.open(path, read_only=read_only)
    one_line(error, path)
    assert isinstance(error.value, DamagedLedger | ForeignLedger)


async def test_an_empty_file_becomes_a_graph_unless_it_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "g"
    path.touch()
    with pytest.raises(ForeignLedger):
        EmbeddedGraph.open(path, read_only=True)
    graph = EmbeddedGraph.open(path)
    assert (await graph.head()).position == 0
    await graph.close()


PAGE_BYTES = 4096
EVERY_PAGE = """
import asyncio, sys
from pathlib import Path
from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from graph.exporting import export_facts
from tests.contracts.facts import mandate, person

async def read_and_write(graph):
    await export_facts(graph, len)
    await graph.append([person(f"new{n}") for n in range(40)] + [mandate(f"m{n}", "p0", f"p{n}") for n in range(60)])

async def verified(graph):
    if (await graph.verify()).problems:
        raise LedgerUnavailable("told by verify")

async def main(path, broken):
    content = path.read_bytes()
    told = []
    for page in range(len(content) // 4096):
        meant = page.to_bytes(8, sys.byteorder) if len(sys.argv) > 3 else bytes(8)
        broken.write_bytes(content[: page * 4096] + meant + bytes(4088) + content[(page + 1) * 4096 :])
        for whole, work in ((False, verified), (True, read_and_write)):
            graph = None
            try:
                graph = EmbeddedGraph.open(broken, whole=whole)
                await work(graph)
            except LedgerUnavailable as error:
                assert "\\n" not in str(error), error
                told.append(page)
            finally:
                if graph is not None:
                    await graph.close()
    print(len(set(told)))

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@pytest.mark.parametrize("with_its_number", [False, True])
def test_zeroed_pages_give_one_line_or_the_truth(tmp_path: Path, with_its_number: bool) -> None:
    """In a process of its own, which may not end by a signal: every page in turn, then verified, read and written."""
    path = asyncio.run(made(tmp_path / "g", people=60))
    command = [sys.executable, "-c", EVERY_PAGE, str(path), str(tmp_path / "broken"), *(["number"] * with_its_number)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = path.stat().st_size // PAGE_BYTES
    assert int(done.stdout) > 0.5 * pages, "pages in use are missed when they are gone"


@pytest.mark.parametrize("command", ["verify", "export", "stats", "import"])
def test_a_command_on_a_damaged_file_says_one_line(tmp_path: Path, command: str) -> None:
    path = asyncio.run(made(tmp_path / "g"))
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // PAGE_BYTES):
        content[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = bytes(PAGE_BYTES)
    path.write_bytes(content)
    more = ["-"] if command == "import" else []
    line = b'{"fact":"person","id":"anna","born":"2000-01-01"}'
    machtigen = [str(Path(sys.executable).with_name("machtigen")), command, *more, "--graph", str(path)]
    done = subprocess.run(machtigen, input=line, capture_output=True, check=False)
    assert done.returncode == 2
    (told,) = done.stderr.decode().splitlines()
    assert told.startswith(f"machtigen: {path}: damaged (page ")
    assert path.read_bytes() == content


@pytest.mark.parametrize("most", [None, 1, 3])
def test_the_pages_of_a_good_file_are_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int | None
) -> None:
    path = asyncio.run(made(tmp_path / "g", people=3_000))
    monkeypatch.setattr("graph.embedded.pages.PAGES_AT_OPEN", most)
    with lmdb.open(str(path), subdir=False, max_dbs=8) as env:
        assert problems_of_pages(path, env, whole=most is None) == []
        assert problems_of_structure(path, env) == []


def test_every_page_that_is_exchanged_for_another_is_seen(tmp_path: Path) -> None:
    """Of a file of three levels, one after another; `lmdb.verify` is asked which are in use."""
    path = asyncio.run(made(tmp_path / "g", people=1_500))
    content = path.read_bytes()
    missed = []
    for page in range(2, len(content) // PAGE_BYTES - 1, 29):
        one, two = (content[at * PAGE_BYTES : (at + 1) * PAGE_BYTES] for at in (page, page + 1))
        path.write_bytes(content[: page * PAGE_BYTES] + two + one + content[(page + 2) * PAGE_BYTES :])
        with lmdb.open(str(path), subdir=False, max_dbs=8) as env:
            if problems_of_structure(path, env) and not problems_of_pages(path, env, whole=True):
                missed.append(page)
    assert missed == []


async def test_twice_in_one_process_is_refused(tmp_path: Path) -> None:
    path = await made(tmp_path / "g")
    graph = EmbeddedGraph.open(path)
    with pytest.raises(LedgerUnavailable) as error:
        EmbeddedGraph.open(path)
    assert "already open in this process" in one_line(error, path)
    await graph.close()
    again = EmbeddedGraph.open(path)
    await again.close()


async def test_a_reader_does_not_write(tmp_path: Path) -> None:
    path = await made(tmp_path / "g")
    graph = EmbeddedGraph.open(path, read_only=True)
    with pytest.raises(LedgerUnavailable, match="reading only"):
        await graph.append([person("anna")])
    assert (await graph.neighbourhood(may("p1", "p2"))).people["p1"] == person("p1")
    await graph.close()


async def test_closed_means_closed(tmp_path: Path) -> None:
    path = await made(tmp_path / "g")
    graph = EmbeddedGraph.open(path)
    await graph.close()
    await graph.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await graph.head()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await graph.append([person("anna")])


async def test_the_map_grows(tmp_path: Path) -> None:
    graph = EmbeddedGraph.open(tmp_path / "g", map_size=1 << 16)
    for batch in range(20):
        await graph.append([person(f"p{batch}.{n}") for n in range(200)])
        assert (await graph.neighbourhood(may(f"p{batch}.0", "p0.0"))).people
    assert (await graph.stats())["person"] == 4000
    assert (await graph.verify()).problems == ()
    await graph.close()
    again = EmbeddedGraph.open(tmp_path / "g", map_size=1 << 16)
    assert (await again.head()).position == 4000
    await again.append([person("last")])
    await again.close()


async def test_a_write_that_fails_at_its_very_end_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = EmbeddedGraph.open(tmp_path / "g")
    await graph.append([person("anna")])
    before = (await graph.head(), await graph.stats(), await graph.verify())

    def fails(_head: object) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("graph.embedded.appending.pack_head", fails)
        with pytest.raises(LedgerUnavailable, match="input/output error"):
            await graph.append([person("bram"), mandate("m", "anna", "bram")])
    assert (await graph.head(), await graph.stats(), await graph.verify()) == before
    assert await graph.history("person", "bram") == []
    assert await graph.represented_by("anna") == []
    assert (await graph.append([person("bram")])).token.position == 2
    await graph.close()

"""Files dropped into a folder: pages, half files, changed files, rows for the quarantine."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from authority.facts import Organisation
from authority.moments import day
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from graph.registers import drop
from graph.registers.connector import Page, SourceFailed
from graph.registers.drop import Drop
from graph.registers.mapping import mapping_of
from graph.registers.polling import Terms, poll_once
from graph.registers.store import ConnectorStore
from tests.numbers import VALID

NOW = day("2026-11-27")

MAPPING = mapping_of({"fact": "person", "id": "{Nummer|bsn}", "born": "{Geboren}", "name": "{Naam}"}, {})
KEYS = Pseudonyms({1: b"k" * 32}, eleven_test=False)
HEADER = "Nummer,Geboren,Naam\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


@pytest.fixture
def source(ledger: EmbeddedGraph, folder: Path) -> Drop:
    return Drop(
        name="court",
        register="COURT",
        folder=folder,
        file_format="csv",
        mappings=[MAPPING],
        ledger=ledger,
        pseudonyms=KEYS,
    )


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_bytes(text.encode())


async def everything(source: Drop, since: str = "") -> tuple[list[Page], str]:
    pages = []
    while True:
        page = await source.poll(since)
        pages.append(page)
        since = page.watermark
        if not page.more:
            return pages, since


async def test_files_in_the_order_of_their_names_each_once(source: Drop, folder: Path) -> None:
    put(folder, "2.csv", HEADER + "900000002,1990-01-01,B\n")
    put(folder, "1.csv", HEADER + "900000001,1990-01-01,A\n")
    put(folder, "3.csv.part", HEADER + "900000003,19")
    pages, since = await everything(source)
    assert [row.fact["name"] for page in pages for row in page.rows] == ["A", "B"]
    put(folder, "3.csv", HEADER + "900000003,1990-01-01,C\n")
    pages, _ = await everything(source, since)
    assert [row.fact["name"] for page in pages for row in page.rows] == ["C"]


async def test_a_big_file_comes_in_pages_that_begin_where_the_last_one_ended(
    source: Drop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop, "ROWS_A_PAGE", 7)
    names = [f"naam {n}" if n % 3 else f'"twee\nregels, {n}"' for n in range(50)]
    put(folder, "1.csv", HEADER + "".join(f"9000{n:05d},1990-01-01,{name}\n" for n, name in enumerate(names)))
    pages, _ = await everything(source)
    assert max(len(page.rows) for page in pages) == 7
    assert [row.fact["name"] for page in pages for row in page.rows] == [name.strip('"') for name in names]
    # the same place gives the same page
    assert await source.poll(pages[2].watermark) == pages[3]


async def test_a_folder_into_which_nothing_comes_any_more_is_silent(source: Drop, folder: Path) -> None:
    pages, since = await everything(source)
    assert pages[-1].heard_at is None
    for number in (1, 2):
        put(folder, f"{number}.csv", HEADER)  # nothing new is news too
        os.utime(folder / f"{number}.csv", (number * 1_000, number * 1_000))
    pages, since = await everything(source, since)
    assert pages[-1].heard_at == 2_000_000_000
    # the newest file tells it again and again, and once it is cleared away there is no news
    assert (await source.poll(since)).heard_at == 2_000_000_000
    for file in await asyncio.to_thread(lambda: list(folder.iterdir())):
        await asyncio.to_thread(file.unlink)
    assert (await source.poll(since)).heard_at is None


async def test_a_file_that_comes_late_and_sorts_before_what_was_taken(source: Drop, folder: Path) -> None:
    put(folder, "b.csv", HEADER + "900000001,1990-01-01,A\n")
    put(folder, "a.csv", HEADER)  # came later, and both lay there when they were read
    _, since = await everything(source)
    await asyncio.sleep(0.02)  # the file system's clock ticks
    put(folder, "aa.csv", HEADER + "900000002,1990-01-01,B\n")
    with pytest.raises(SourceFailed, match=r"aa\.csv came after b\.csv was taken and sorts before it"):
        await source.poll(since)
    await asyncio.to_thread((folder / "aa.csv").rename, folder / "c.csv")
    pages, _ = await everything(source, since)
    assert [row.fact["name"] for page in pages for row in page.rows] == ["B"]


async def test_a_row_gives_a_fact_by_each_mapping_or_none(ledger: EmbeddedGraph, folder: Path) -> None:
    mappings = [
        MAPPING,
        mapping_of({"fact": "employment", "id": "e/{Naam}", "employee": "{Nummer|bsn}", "organisation": "o1"}, {}),
    ]
    source = Drop(
        name="x",
        register="EHERKENNING",
        folder=folder,
        file_format="csv",
        mappings=mappings,
        ledger=ledger,
        pseudonyms=KEYS,
    )
    put(folder, "1.csv", HEADER + "900000001,1990-01-01,A\n900000002,1990-01-01,\n")
    page = await source.poll("")
    who = KEYS.id_of("900000001")
    assert [(row.fact["fact"], row.fact.get("employee", row.fact["id"])) for row in page.rows] == [
        ("person", who),
        ("employment", who),
    ]
    assert [(r.place, r.problem) for r in page.refused] == [("1.csv:3", "column 'Naam' is empty")]
    assert json.loads(page.refused[0].raw) == {"Geboren": "1990-01-01", "Naam": ""}


async def test_half_a_file_is_not_taken(source: Drop, folder: Path) -> None:
    put(folder, "1.csv", HEADER + "900000001,1990-01-01,A\n900000002,1990-0")
    with pytest.raises(SourceFailed, match=r"1\.csv:3 has no end; half a file"):
        await source.poll("")


async def test_a_file_that_changed_under_our_hands(source: Drop, folder: Path) -> None:
    put(folder, "1.csv", HEADER + "900000001,1990-01-01,A\n")
    _, since = await everything(source)
    put(folder, "1.csv", HEADER + "900000001,1991-01-01,A\n")
    with pytest.raises(SourceFailed, match=r"1\.csv changed after"):
        await source.poll(since)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Nummer,Geboren\n900000001,1990-01-01\n", "no column 'Naam'"),
        (HEADER.encode() + b"900000001,1990-01-01,\xff\n", "not UTF-8"),
        (HEADER.encode() + b'900000001,1990-01-01,"A\n', "not CSV"),
    ],
)
async def test_a_file_that_cannot_be_read(source: Drop, folder: Path, content: bytes, words: str) -> None:
    (folder / "1.csv").write_bytes(content)
    with pytest.raises(SourceFailed, match=words) as failed:
        await source.poll("")
    assert "900000001" not in str(failed.value)


async def test_no_folder(source: Drop, folder: Path) -> None:
    await asyncio.to_thread(folder.rmdir)
    with pytest.raises(SourceFailed, match="the folder cannot be read"):
        await source.poll("")


async def test_rows_that_are_not_understood_are_refused_without_their_number(source: Drop, folder: Path) -> None:
    put(folder, "1.csv", HEADER + "90000000x,1990-01-01,A\n900000002,1990-01-01\n900000003,1990-01-01,C\n")
    page = await source.poll("")
    assert [row.fact["name"] for row in page.rows] == ["C"]
    assert sorted((r.place, r.problem) for r in page.refused) == [
        ("1.csv:2", "column 'Nummer': a BSN has nine digits and passes the eleven test"),
        ("1.csv:3", "2 columns where the header has 3"),
    ]
    assert all("90000000" not in r.raw for r in page.refused)


async def test_a_byte_order_mark_and_semicolons(ledger: EmbeddedGraph, folder: Path) -> None:
    source = Drop(
        name="court",
        register="COURT",
        folder=folder,
        file_format="csv",
        mappings=[MAPPING],
        ledger=ledger,
        pseudonyms=KEYS,
        delimiter=";",
    )
    put(folder, "1.csv", "\ufeff" + HEADER.replace(",", ";") + "900000001;1990-01-01;A\r\n")
    assert [row.fact["born"] for row in (await source.poll("")).rows] == ["1990-01-01"]


async def test_lines_that_are_facts_already(ledger: EmbeddedGraph, folder: Path) -> None:
    source = Drop(name="x", register="ESTATE", folder=folder, file_format="jsonl", mappings=[], ledger=ledger)
    fact = {"fact": "person", "id": "p1", "born": "1990-01-01"}
    put(folder, "1.jsonl", json.dumps(fact) + "\n\nnot json\n[1]\n")
    page = await source.poll("")
    assert [dict(row.fact) for row in page.rows] == [fact]
    assert [r.place for r in page.refused] == ["1.jsonl:3", "1.jsonl:4"]


async def test_an_office_that_no_register_knows_is_taken_and_shown(
    ledger: EmbeddedGraph, store: ConnectorStore, folder: Path
) -> None:
    fields = {"fact": "authority", "id": "court/{Dossier}", "kind": "MENTORSCHAP", "represented": "{BSN|bsn}"}
    mapping = mapping_of(fields | {"representative": "{BSN mentor?|bsn}{KvK?}"}, {})
    source = Drop(
        name="court", register="COURT", folder=folder, file_format="csv", mappings=[mapping], ledger=ledger,
        pseudonyms=KEYS,
    )  # fmt: skip
    await ledger.append([Organisation(id="90000001", register="HANDELSREGISTER", kind="OTHER", recorded_at=1)])
    rows = ["1,900000001,,90000001", "2,900000002,,90000009", "3,900000003,900000006,", f"4,900000005,,{VALID[0]}"]
    put(folder, "1.csv", "Dossier,BSN,BSN mentor,KvK\n" + "".join(f"{row}\n" for row in rows))
    for _ in range(2):
        taken = await poll_once(source, Terms(every=1), ledger, store, now=NOW, chance=lambda: 0.0)
        assert taken.failed is None
    assert await ledger.ids("authority") == [f"court/{n}" for n in range(1, 5)]
    told = [notice.sentence for notice in store.notices("court")]
    assert sorted(told) == [
        "names 90000009 as representative, whom no register knows",
        "names bsn:… as representative, whom no register knows",
    ], "a number in the wrong column is not shown"

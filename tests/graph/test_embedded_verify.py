"""`verify` names the position that somebody changed, took out or moved, and what decisions read that does not agree."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import lmdb
import pytest
from msgspec.structs import replace

from graph.chain import content_hash, link
from graph.embedded import EmbeddedGraph
from graph.embedded import records as records_of
from graph.embedded.layout import pack_counts, pack_head, things, unpack_head, version_key
from graph.errors import DamagedLedger
from graph.intake import line_of
from tests.contracts.facts import mandate, person

Meddle = Callable[["lmdb.Transaction[bytes]", dict[str, "lmdb._Database"]], None]


async def problems_after(path: Path, meddle: Meddle, *, mandate_m: bool = True) -> tuple[str, ...]:
    graph = EmbeddedGraph.open(path)
    m = [mandate("m", "anna", "bram")] if mandate_m else []
    await graph.append([person("anna"), person("bram"), *m, person("cees"), person("dora")])
    assert (await graph.verify()).problems == ()
    await graph.close()
    with lmdb.open(str(path), subdir=False, max_dbs=8) as env:
        dbs = {
            name: env.open_db(name.encode(), create=False)
            for name in ("ledger", "records", "versions", "pairs", "meta")
        }
        with env.begin(write=True) as txn:
            meddle(txn, dbs)
    again = EmbeddedGraph.open(path)
    try:
        return (await again.verify()).problems
    finally:
        await again.close()


def at(position: int) -> bytes:
    return struct.pack(">Q", position)


async def test_a_changed_content(tmp_path: Path) -> None:
    def change(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        entry = txn.get(at(3), db=dbs["ledger"])
        assert entry is not None
        txn.put(at(3), entry.replace(b"anna", b"dora"), db=dbs["ledger"])

    found = await problems_after(tmp_path / "g", change)
    assert any(problem.startswith("position 3: its content") for problem in found)
    assert not any(problem.startswith(("position 2", "position 4")) for problem in found)


async def test_a_changed_content_with_its_hash(tmp_path: Path) -> None:
    def change(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        entry = txn.get(at(3), db=dbs["ledger"])
        assert entry is not None
        line = entry[64:].replace(b"anna", b"dora")
        txn.put(at(3), entry[:32] + content_hash(line) + line, db=dbs["ledger"])

    found = await problems_after(tmp_path / "g", change)
    assert any(problem.startswith("position 3: does not follow") for problem in found)


async def test_a_chain_made_anew_from_a_changed_position_does_not_end_in_the_head(tmp_path: Path) -> None:
    def change(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        line = line_of(person("dora", born="2001-01-01"))
        before = txn.get(at(4), db=dbs["ledger"])
        assert before is not None
        content = content_hash(line)
        txn.put(at(5), link(before[:32], content) + content + line, db=dbs["ledger"])

    assert "the head is not the last position's" in await problems_after(tmp_path / "g", change)


async def test_a_missing_position(tmp_path: Path) -> None:
    def take(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        assert txn.delete(at(2), db=dbs["ledger"])

    found = await problems_after(tmp_path / "g", take)
    assert "position 2: missing" in found
    assert any(problem.startswith("position 3: does not follow") for problem in found)


async def test_the_last_position_missing(tmp_path: Path) -> None:
    def take(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        assert txn.delete(at(5), db=dbs["ledger"])

    assert "position 5: missing" in await problems_after(tmp_path / "g", take)


async def test_two_positions_in_each_others_place(tmp_path: Path) -> None:
    def swap(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        first, second = txn.get(at(1), db=dbs["ledger"]), txn.get(at(2), db=dbs["ledger"])
        assert first is not None
        assert second is not None
        txn.put(at(1), second, db=dbs["ledger"])
        txn.put(at(2), first, db=dbs["ledger"])

    found = await problems_after(tmp_path / "g", swap)
    assert any(problem.startswith("position 1: does not follow") for problem in found)


async def test_a_record_that_says_more_than_the_ledger(tmp_path: Path) -> None:
    """Somebody gives themselves an authority where decisions read, and not in the ledger."""

    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        record = records_of.decode(txn.get(b"cees", db=dbs["records"]) or b"")
        record.authorities.append(mandate("forged", "anna", "cees"))
        txn.put(b"cees", records_of.encode(record), db=dbs["records"])

    found = await problems_after(tmp_path / "g", forge)
    assert any("cees" in problem and "forged" in problem for problem in found)


async def test_a_record_that_says_something_else(tmp_path: Path) -> None:
    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        record = records_of.decode(txn.get(b"bram", db=dbs["records"]) or b"")
        record.authorities[0] = mandate("m", "anna", "bram", services=None)
        txn.put(b"bram", records_of.encode(record), db=dbs["records"])

    assert any("authority m" in problem for problem in await problems_after(tmp_path / "g", forge))


async def test_a_record_that_is_gone_or_unreadable(tmp_path: Path) -> None:
    def take(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        assert txn.delete(b"bram", db=dbs["records"])
        txn.put(b"anna", b"\xc1", db=dbs["records"])

    found = await problems_after(tmp_path / "g", take)
    assert any("authority m" in problem for problem in found)
    assert any("person anna" in problem for problem in found)


async def test_a_version_that_is_not_found_any_more(tmp_path: Path) -> None:
    def take(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        cursor = txn.cursor(dbs["versions"])
        assert cursor.set_range(b"am\0")
        cursor.delete()

    assert any(problem.startswith("position 3") for problem in await problems_after(tmp_path / "g", take))


async def test_a_version_that_passes_for_a_later_one(tmp_path: Path) -> None:
    """An old version is put after the one that holds, so that lists and views of the past would give it."""

    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        txn.put(version_key(things("person", "anna"), 10**15, 2), b"", db=dbs["versions"])
        txn.put(version_key(things("person", "anna"), 10**15 + 1, 99), b"", db=dbs["versions"])

    found = await problems_after(tmp_path / "g", forge)
    assert "person anna: position 2 is among its versions and states something else" in found
    assert "person anna: its version at position 99 is missing" in found


async def test_a_retracted_authority_that_decisions_would_read(tmp_path: Path) -> None:
    path = tmp_path / "g"
    graph = EmbeddedGraph.open(path)
    await graph.append([mandate("m", "anna", "bram", recorded_at=5, retracted=True)])
    await graph.close()

    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        record = records_of.decode(txn.get(b"bram", db=dbs["records"]) or b"")
        record.authorities.append(mandate("m", "anna", "bram"))
        txn.put(b"bram", records_of.encode(record), db=dbs["records"])

    found = await problems_after(path, forge, mandate_m=False)
    assert any(problem.startswith("authority m") for problem in found)
    assert any(problem.startswith("the record of bram: authority m") for problem in found)


@pytest.mark.parametrize("mark", [{"recorded_at": 4}, {"position": 1}, {"gone": []}, {"former_holders": []}])
async def test_a_record_that_hides_the_past(tmp_path: Path, mark: dict[str, object]) -> None:
    """It would answer a question about earlier with what holds now."""
    path = tmp_path / "g"
    graph = EmbeddedGraph.open(path)
    await graph.append([mandate("m", "eva", "bram", recorded_at=1), mandate("m", "eva", "cees", recorded_at=5)])
    await graph.close()

    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        record = records_of.decode(txn.get(b"bram", db=dbs["records"]) or b"")
        assert record.gone
        assert record.former_holders == ["eva"]
        txn.put(b"bram", records_of.encode(replace(record, **mark)), db=dbs["records"])

    assert any(problem.startswith("authority m") for problem in await problems_after(path, forge, mandate_m=False))


async def test_a_pair_that_is_not_found_any_more(tmp_path: Path) -> None:
    def take(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        assert txn.delete(b"hanna\0bram", db=dbs["pairs"])

    assert "position 3: its authority is not among the pairs" in await problems_after(tmp_path / "g", take)


async def test_counts_and_marks_that_are_not_the_ledgers(tmp_path: Path) -> None:
    def forge(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        txn.put(b"counts", pack_counts({"person": 3, "authority": 1}), db=dbs["meta"])
        txn.put(b"stated", pack_counts({"BRP": 7}), db=dbs["meta"])
        head = unpack_head(txn.get(b"head", db=dbs["meta"]) or b"")
        txn.put(b"head", pack_head(replace(head, catalogue_position=4)), db=dbs["meta"])

    found = await problems_after(tmp_path / "g", forge)
    assert "the counts of ids are not those of the ledger" in found
    assert "the counts of authorities by register are not those of the ledger" in found
    assert "the marks of the catalogue's newest version are not those of the ledger" in found


async def test_an_unreadable_record_stops_a_question_with_one_line(tmp_path: Path) -> None:
    def spoil(txn: lmdb.Transaction[bytes], dbs: dict[str, lmdb._Database]) -> None:
        txn.put(b"anna", b"\xc1", db=dbs["records"])

    await problems_after(tmp_path / "g", spoil)
    graph = EmbeddedGraph.open(tmp_path / "g")
    with pytest.raises(DamagedLedger) as error:
        await graph.holders_over("anna")
    assert "\n" not in str(error.value)
    await graph.close()

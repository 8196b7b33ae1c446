"""A file of records that is appended to, rewritten, shortened, replaced: nothing is missed, nor thought heard."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from authority.facts import Authority
from authority.moments import day
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from graph.registers.brp_records import CASES_A_PAGE, BrpRecords
from graph.registers.polling import Taken, Terms, poll_once
from graph.registers.store import ConnectorStore

NOW = day("2026-11-24")
HOUR = 3_600_000_000
TERMS = Terms(every=1, max_silence=48 * HOUR)
PSEUDONYMS = Pseudonyms({1: bytes.fromhex("6f" * 32)}, eleven_test=False)
MOTHER, FATHER, OTHER = "900000002", "900000003", "900000006"
NAMES = {PSEUDONYMS.id_of(number): number for number in (MOTHER, FATHER, OTHER)}


def case(number: int, *parents: str, today: str = "2026-11-24", about: str | None = None) -> str:
    """A child who was adopted by these, as a line. `about`: whom the case is about, if not the child."""
    child = f"91{number:07d}"
    parent = {"surname": "V", "birth_date": "1988-03-04", "sex": "V", "birth_country": "6030"}
    child_record = {
        "bsn": child,
        "surname": "V",
        "birth_date": "2020-03-01",
        "sex": "V",
        "birth_country": "6030",
        "deed_no": "1AQ0100",
        "residence": {"municipality": "0344"},
        "parents": {
            str(n): parent | {"bsn": bsn, "family_relation_from": "2021-03-01"} for n, bsn in enumerate(parents, 1)
        },
    }
    adults = [parent | {"bsn": bsn, "deed_no": "1AA0100"} for bsn in parents]
    found = {
        "id": f"case-{number}",
        "evaluation_date": today,
        "facts": {"persons": [child_record, *adults]},
        "query": {"bsn": about or child},
    }
    return json.dumps(found) + "\n"


class Desk:
    """The connector over one file, and what came of it."""

    def __init__(self, ledger: EmbeddedGraph, store: ConnectorStore, path: Path) -> None:
        self.ledger, self.store, self.path = ledger, store, path
        self.clock = NOW
        self.connector = BrpRecords(name="brp", path=path, ledger=ledger, pseudonyms=PSEUDONYMS, scoped=False)

    def write(self, *lines: str, hour: int = 0) -> None:
        """In place, as of so many hours after NOW."""
        self.path.write_text("".join(lines), encoding="utf-8")
        self.touch(hour)

    def touch(self, hour: int) -> None:
        os.utime(self.path, ns=((NOW + hour * HOUR) * 1_000,) * 2)

    def replace(self, *lines: str, hour: int = 0) -> None:
        """By another file that bears its name from then on."""
        other = self.path.with_suffix(".new")
        other.write_text("".join(lines), encoding="utf-8")
        os.utime(other, ns=((NOW + hour * HOUR) * 1_000,) * 2)
        other.rename(self.path)

    async def poll(self) -> Taken:
        self.clock += 24 * HOUR
        return await poll_once(self.connector, TERMS, self.ledger, self.store, now=self.clock, chance=lambda: 0.0)

    async def heard(self) -> int | None:
        """In hours after NOW."""
        heard = (await self.ledger.registers())["BRP"].heard_from
        return None if heard is None else (heard - NOW) // HOUR

    async def holders(self, number: int) -> dict[str, str]:
        """By who holds it, how the authority over that child stands: open, ended, in doubt."""
        child = PSEUDONYMS.id_of(f"91{number:07d}")
        found: dict[str, str] = {}
        for each in await self.ledger.ids("authority", limit=1_000):
            fact = (await self.ledger.find("authority", [each])).get(each)
            if isinstance(fact, Authority) and fact.represented == child:
                state = "ended" if fact.valid_until else "doubt" if fact.under_investigation else "open"
                found[NAMES.get(fact.representative or "", "nobody")] = state
        return found


@pytest.fixture
def desk(ledger: EmbeddedGraph, store: ConnectorStore, tmp_path: Path) -> Desk:
    return Desk(ledger, store, tmp_path / "brp.jsonl")


async def test_appended(desk: Desk) -> None:
    desk.write(case(1, MOTHER, FATHER))
    assert (await desk.poll()).failed is None
    with desk.path.open("a") as file:
        file.write(case(2, MOTHER))
    desk.touch(5)
    taken = await desk.poll()
    assert (taken.failed, taken.recorded) == (None, 2), "the other child and its authority, nothing anew"
    assert await desk.holders(2) == {MOTHER: "open"}
    assert await desk.heard() == 5


async def test_a_last_line_without_its_end_is_waited_for_and_not_heard(desk: Desk) -> None:
    desk.write(case(1, MOTHER))
    await desk.poll()
    whole = case(2, FATHER)
    desk.write(case(1, MOTHER), whole[:100], hour=5)
    assert "brp.jsonl:2 has no end; half a file?" in str((await desk.poll()).failed)
    assert await desk.heard() == 0
    desk.write(case(1, MOTHER), whole, hour=6)
    assert (await desk.poll()).failed is None
    assert (await desk.holders(2), await desk.heard()) == ({FATHER: "open"}, 6)


@pytest.mark.parametrize("write", [Desk.write, Desk.replace])
async def test_rewritten_with_as_many_bytes(desk: Desk, write: Callable[..., None]) -> None:
    write(desk, case(1, MOTHER, FATHER), case(2, MOTHER))
    await desk.poll()
    assert await desk.holders(1) == {MOTHER: "open", FATHER: "open"}
    write(desk, case(1, MOTHER, OTHER, today="2026-11-25"), case(2, MOTHER), hour=30)
    assert (await desk.poll()).failed is None
    assert await desk.holders(1) == {MOTHER: "open", OTHER: "open", FATHER: "ended"}
    assert (await desk.holders(2), await desk.heard()) == ({MOTHER: "open"}, 30)


async def test_what_another_ones_case_does_not_say_is_in_doubt(desk: Desk) -> None:
    desk.write(case(1, MOTHER, FATHER))
    await desk.poll()
    desk.write(case(1, MOTHER, OTHER, about=MOTHER), hour=5)
    await desk.poll()
    assert await desk.holders(1) == {MOTHER: "open", OTHER: "open", FATHER: "doubt"}


@pytest.mark.parametrize("apart", [0, CASES_A_PAGE])
async def test_of_two_cases_about_one_child_the_later_holds(desk: Desk, apart: int) -> None:
    between = [case(number, MOTHER) for number in range(2, 2 + apart)]
    desk.write(case(1, MOTHER, FATHER), *between, case(1, MOTHER, OTHER))
    while (taken := await desk.poll()).more:
        pass
    assert (taken.failed, desk.store.quarantine()) == (None, [])
    found = await desk.holders(1)
    assert found == {MOTHER: "open", OTHER: "open", FATHER: "ended"}


async def test_shortened_where_it_lies_is_neither_taken_nor_heard(desk: Desk) -> None:
    desk.write(case(1, MOTHER), case(2, MOTHER))
    await desk.poll()
    for lines in ((case(1, FATHER),), ()):
        desk.write(*lines, hour=5)
        assert "half a file?" in str((await desk.poll()).failed)
    assert (await desk.holders(1), await desk.heard()) == ({MOTHER: "open"}, 0)
    desk.write(case(1, FATHER), case(2, MOTHER), case(3, MOTHER), hour=6)
    assert (await desk.poll()).failed is None
    assert await desk.holders(1) == {FATHER: "open", MOTHER: "ended"}
    assert (await desk.holders(3), await desk.heard()) == ({MOTHER: "open"}, 6)


async def test_replaced_by_a_shorter_one_is_read_anew(desk: Desk) -> None:
    desk.write(case(1, MOTHER), case(2, MOTHER))
    await desk.poll()
    desk.replace(case(1, FATHER), hour=5)
    assert (await desk.poll()).failed is None
    assert await desk.holders(1) == {FATHER: "open", MOTHER: "ended"}
    assert (await desk.holders(2), await desk.heard()) == ({MOTHER: "open"}, 5), "what it does not mention stays"
    desk.replace(hour=6)
    assert "is empty" in str((await desk.poll()).failed)
    assert await desk.heard() == 5


async def test_the_same_content_written_again_is_heard_again_and_changes_nothing(desk: Desk) -> None:
    lines = [case(1, MOTHER, FATHER), case(2, MOTHER)]
    desk.write(*lines)
    await desk.poll()
    for hour, write in ((5, desk.write), (6, desk.replace)):
        write(*lines, hour=hour)
        taken = await desk.poll()
        assert (taken.failed, taken.recorded) == (None, 0)
        assert await desk.heard() == hour
    assert (await desk.poll()).recorded == 0
    assert await desk.heard() == 6, "not written since"


async def test_changed_between_two_pages(desk: Desk) -> None:
    many = [case(number, MOTHER) for number in range(CASES_A_PAGE + 5)]
    desk.write(*many)
    assert (await desk.poll()).more
    desk.write(case(0, FATHER), *many[1:], case(100, MOTHER), hour=5)
    while (taken := await desk.poll()).more:
        assert await desk.heard() is None
    assert taken.failed is None
    assert await desk.holders(0) == {FATHER: "open", MOTHER: "ended"}
    assert (await desk.holders(100), await desk.heard()) == ({MOTHER: "open"}, 5)


async def test_changed_while_a_page_is_read_is_not_heard_yet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write(case(1, MOTHER))
    found = desk.connector._place_now

    def and_then(*arguments: object) -> object:
        with desk.path.open("a") as file:
            file.write(case(2, MOTHER))
        return found(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.connector, "_place_now", and_then)
    await desk.poll()
    assert await desk.heard() is None
    monkeypatch.undo()
    desk.touch(5)
    await desk.poll()
    assert (await desk.holders(2), await desk.heard()) == ({MOTHER: "open"}, 5)


async def test_a_watermark_of_before_that_counted_lines(desk: Desk) -> None:
    desk.write(case(1, MOTHER))
    page = await desk.connector.poll("1")
    assert page.rows
    assert desk.connector.place(page.watermark) == "brp.jsonl, line 2"

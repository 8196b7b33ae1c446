"""The population register's connector, over real HTTP, every exchange held against the published contract."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from authority.facts import Authority, Person
from authority.moments import day, local_day
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from graph.registers.brp import Brp
from graph.registers.connector import SourceFailed
from graph.registers.known import KnownPerson
from graph.registers.polling import Taken, Terms, poll_once
from graph.registers.store import ConnectorStore
from tests.graph.registers.brp_server import BrpServer, brp_server, joint, named, person, sole

NOW = day("2026-11-24")
KEYS = Pseudonyms({1: b"k" * 32}, eleven_test=False)
CHILD, MOTHER, FATHER = "900000001", "900000002", "900000003"


def pid(number: str) -> str:
    return KEYS.id_of(number)


@pytest.fixture
def brp() -> Iterator[BrpServer]:
    with brp_server() as server:
        yield server
        assert server.broken == []


def files_in(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]


class Rounds:
    """The connector, polled page by page."""

    def __init__(self, brp: BrpServer, ledger: EmbeddedGraph, store: ConnectorStore, *numbers: str) -> None:
        self.numbers = list(numbers)
        self.ledger, self.store, self.now = ledger, store, NOW
        self.known: list[KnownPerson] = []
        self.client = httpx.AsyncClient()
        self.connector = Brp(
            name="brp",
            url=brp.url,
            key="secret",
            client=self.client,
            ledger=ledger,
            pseudonyms=KEYS,
            numbers=lambda: self.numbers,
            today=lambda: local_day(self.now),
            know=self.known.extend,
        )

    async def once(self) -> Taken:
        return await poll_once(
            self.connector, Terms(every=1), self.ledger, self.store, now=self.now, chance=lambda: 0.5
        )

    async def over(self, number: str) -> list[Authority]:
        who = pid(number)
        question = Question(
            representative=who, represented=who, provider="-", service="-/-", assurance="BASIC", at=self.now
        )
        return list((await self.ledger.neighbourhood(question)).authorities.get(who, ()))


@pytest.fixture
async def rounds(brp: BrpServer, ledger: EmbeddedGraph, store: ConnectorStore) -> AsyncIterator[Rounds]:
    made = Rounds(brp, ledger, store, CHILD, MOTHER)
    yield made
    await made.client.aclose()


async def test_parent_alone(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[sole(CHILD, MOTHER)]), MOTHER: person(MOTHER, "1985-02-03")}
    taken = await rounds.once()
    assert (taken.failed, taken.recorded, taken.refused) == (None, 3, 0)
    assert [(a.kind, a.representative) for a in await rounds.over(CHILD)] == [("PARENTAL_SOLE", pid(MOTHER))]
    assert brp.keys == ["secret"]


async def test_what_is_known_already_is_no_change(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[joint(CHILD, MOTHER, FATHER)])}
    await rounds.once()
    rounds.now += 1
    assert (await rounds.once()).recorded == 0


async def test_no_number_is_stored_or_shown(brp: BrpServer, rounds: Rounds, tmp_path: Path) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[joint(CHILD, MOTHER, FATHER)]), MOTHER: person(MOTHER)}
    await rounds.once()
    brp.status = 500
    await rounds.once()
    for name, content in files_in(tmp_path):
        for number in (CHILD, MOTHER, FATHER):
            assert number.encode() not in content, name


async def test_authority_that_is_said_no_longer_ends_today_and_the_past_stays(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[joint(CHILD, MOTHER, FATHER)])}
    await rounds.once()
    rounds.now = day("2027-01-02")
    brp.people = {CHILD: person(CHILD, gezag=[sole(CHILD, MOTHER)])}
    await rounds.once()
    said = {(a.kind, a.representative): a.valid_until for a in await rounds.over(CHILD)}
    assert said == {
        ("PARENTAL_JOINT", pid(MOTHER)): day("2027-01-02"),
        ("PARENTAL_JOINT", pid(FATHER)): day("2027-01-02"),
        ("PARENTAL_SOLE", pid(MOTHER)): None,
    }
    # and back again
    rounds.now = day("2027-03-01")
    brp.people = {CHILD: person(CHILD, gezag=[joint(CHILD, MOTHER, FATHER)])}
    await rounds.once()
    said = {(a.kind, a.representative): a.valid_until for a in await rounds.over(CHILD)}
    assert said[("PARENTAL_JOINT", pid(FATHER))] is None
    assert said[("PARENTAL_SOLE", pid(MOTHER))] == day("2027-03-01")


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (
            {"type": "GezamenlijkGezag", "minderjarige": named(CHILD), "ouder": named(MOTHER)}
            | {"derde": {"type": "OnbekendeDerde"}},
            [("SHARED_AUTHORITY", None), ("SHARED_AUTHORITY", MOTHER)],
        ),
        (
            {"type": "Voogdij", "minderjarige": named(CHILD), "derden": []},
            [("GUARDIANSHIP", None)],
        ),
        (
            {"type": "Voogdij", "minderjarige": named(CHILD), "derden": [{"type": "BekendeDerde", **named(FATHER)}]},
            [("GUARDIANSHIP", FATHER)],
        ),
        (
            {"type": "TijdelijkGeenGezag", "minderjarige": named(CHILD), "toelichting": "de ouder is overleden"},
            [("NO_AUTHORITY", None)],
        ),
    ],
)
async def test_each_type(
    brp: BrpServer, rounds: Rounds, relation: dict[str, object], expected: list[tuple[str, str | None]]
) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[relation])}
    assert (await rounds.once()).refused == 0
    said = sorted(((a.kind, a.representative) for a in await rounds.over(CHILD)), key=str)
    assert said == sorted(((kind, pid(who) if who else None) for kind, who in expected), key=str)


async def test_what_cannot_be_determined_names_the_legal_parents_as_candidates(brp: BrpServer, rounds: Rounds) -> None:
    relation = {"type": "GezagNietTeBepalen", "minderjarige": named(CHILD), "toelichting": "geboren in het buitenland"}
    parents = [{"burgerservicenummer": MOTHER}, {"burgerservicenummer": FATHER}]
    brp.people = {CHILD: person(CHILD, gezag=[relation], ouders=parents)}
    await rounds.once()
    (said,) = await rounds.over(CHILD)
    assert (said.kind, said.representative) == ("UNDETERMINED", None)
    assert set(said.candidates) == {pid(MOTHER), pid(FATHER)}


async def test_doubt_death_curatele_and_a_partial_birth_date(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {
        CHILD: person(CHILD, gezag=[sole(CHILD, MOTHER) | {"inOnderzoek": True}]),
        MOTHER: person(MOTHER)
        | {
            "geboorte": {"datum": {"type": "JaarDatum", "jaar": 1985, "langFormaat": "1985"}},
            "overlijden": {"datum": {"type": "JaarMaandDatum", "jaar": 2025, "maand": 3, "langFormaat": "maart 2025"}},
            "opschortingBijhouding": {"reden": {"code": "O", "omschrijving": "overlijden"}},
            "indicatieCurateleRegister": True,
        },
    }
    await rounds.once()
    assert [a.under_investigation for a in await rounds.over(CHILD)] == [True]
    assert [a.kind for a in await rounds.over(MOTHER)] == ["CURATELE"]
    found = (await rounds.ledger.find("person", [pid(MOTHER)]))[pid(MOTHER)]
    assert isinstance(found, Person)
    assert (found.born, found.died) == ("1985-00-00", day("2025-03-01"))


async def test_a_record_kept_in_error_is_nobody(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {CHILD: person(CHILD)}
    await rounds.once()
    brp.people = {CHILD: person(CHILD, opschortingBijhouding={"reden": {"code": "F", "omschrijving": "fout"}})}
    await rounds.once()
    assert await rounds.ledger.find("person", [pid(CHILD)]) == {}


async def test_what_a_followed_parent_holds_no_longer_over_a_child_that_is_not_followed(
    brp: BrpServer, rounds: Rounds
) -> None:
    rounds.numbers = [MOTHER]
    brp.people = {MOTHER: person(MOTHER, "1985-02-03", gezag=[sole(CHILD, MOTHER)])}
    await rounds.once()
    assert [a.valid_until for a in await rounds.over(CHILD)] == [None]
    rounds.now = day("2027-01-02")
    brp.people = {MOTHER: person(MOTHER, "1985-02-03")}
    await rounds.once()
    assert [a.valid_until for a in await rounds.over(CHILD)] == [day("2027-01-02")]


async def test_a_followed_childs_own_answer_goes_before_its_parents(brp: BrpServer, rounds: Rounds) -> None:
    # held with somebody who has no number, which the parent's own answer leaves out (docs/parental-authority.md)
    with_nobody = {
        "type": "GezamenlijkOuderlijkGezag",
        "minderjarige": named(CHILD),
        "ouders": [named(MOTHER), {"naam": {"volledigeNaam": "B. Zonder"}}],
    }
    rounds.numbers = [CHILD] + [f"9000001{n:02d}" for n in range(19)] + [MOTHER]
    brp.people = {CHILD: person(CHILD, gezag=[with_nobody]), MOTHER: person(MOTHER, "1985-02-03")}
    for _ in range(4):
        assert (await rounds.once()).failed is None
        assert [(a.kind, a.valid_until) for a in await rounds.over(CHILD)] == [("PARENTAL_JOINT", None)]


async def test_somebody_known_who_is_left_out_of_an_answer_is_in_doubt(brp: BrpServer, rounds: Rounds) -> None:
    child = person(CHILD, gezag=[sole(CHILD, MOTHER)])
    brp.people = {CHILD: child, MOTHER: person(MOTHER, "1985-02-03")}
    await rounds.once()
    del brp.people[CHILD]
    rounds.now += 1
    await rounds.once()
    found = (await rounds.ledger.find("person", [pid(CHILD)]))[pid(CHILD)]
    assert (found.under_investigation, [a.valid_until for a in await rounds.over(CHILD)]) == (True, [None])
    assert [n.sentence for n in rounds.store.notices()] == [
        f"{pid(CHILD)} is followed and known, and was left out of an answer"
    ]
    brp.people[CHILD] = child
    rounds.now += 1
    await rounds.once()
    assert not (await rounds.ledger.find("person", [pid(CHILD)]))[pid(CHILD)].under_investigation


async def test_rounds_of_twenty_begin_anew(brp: BrpServer, rounds: Rounds) -> None:
    rounds.numbers = [f"9000001{n:02d}" for n in range(45)]
    brp.people = {number: person(number) for number in rounds.numbers}
    taken = [await rounds.once() for _ in range(4)]
    assert [(t.recorded, t.more) for t in taken] == [(20, True), (20, True), (5, False), (0, True)]
    assert [len(question["burgerservicenummer"]) for question in brp.asked] == [20, 20, 5, 20]


async def test_a_surname_is_told_for_registers_that_are_searched_by_name(brp: BrpServer, rounds: Rounds) -> None:
    brp.people = {MOTHER: person(MOTHER, "1985-02-03", naam={"geslachtsnaam": "Ørsted", "voorvoegsel": "van"})}
    await rounds.once()
    assert [(k.born, k.surname, k.id) for k in rounds.known] == [("1985-02-03", "van Ørsted", pid(MOTHER))]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda said: b"<html>", "breaks the contract"),
        (lambda said: said[: len(said) // 2], "breaks the contract"),
        (lambda said: b'{"type": "RaadpleegMetBurgerservicenummer"}', "breaks the contract"),
        (lambda said: json.dumps(_twice(json.loads(said))).encode(), "the same person twice"),
        (lambda said: said.replace(CHILD.encode(), b"900000099"), "people who were not asked for"),
    ],
)
async def test_nonsense_stores_nothing_and_moves_nothing(
    brp: BrpServer, rounds: Rounds, spoil: object, words: str
) -> None:
    brp.people = {CHILD: person(CHILD, gezag=[sole(CHILD, MOTHER)])}
    rounds.numbers = [CHILD] * 25
    brp.spoil = spoil  # type: ignore[assignment]
    taken = await rounds.once()
    assert taken.failed is not None
    assert words in taken.failed
    assert CHILD not in taken.failed
    # nothing but that this register is followed, and was never heard
    assert [r.heard_from for r in (await rounds.ledger.registers()).values()] == [None]
    assert ((await rounds.ledger.head()).position, rounds.store.watermark("brp")) == (1, "")
    assert rounds.store.health("brp").failures == 1
    brp.spoil = None
    assert (await rounds.once()).failed is None
    assert rounds.store.health("brp").failures == 0


async def test_a_register_that_is_down(brp: BrpServer, rounds: Rounds) -> None:
    brp.status = 503
    with pytest.raises(SourceFailed, match="answered 503"):
        await rounds.connector.poll("")


def _twice(answer: dict[str, list[object]]) -> dict[str, list[object]]:
    return answer | {"personen": answer["personen"] * 2}

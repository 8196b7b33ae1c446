"""An invented town with every register of facts.md table 3: two that are asked over HTTP, eight that drop files.

The drops are those of `examples/registers`, with its own TOML; the population register and the CCBR are real small HTTP
servers. The clock is ours.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import httpx

from authority.decide import decide
from authority.decision import Decision
from authority.moments import instant
from authority.question import Question
from graph.intake import question_of
from graph.ledger import Ledger
from graph.pseudonyms import Pseudonyms
from graph.registers.configuration import sources_of
from graph.registers.parts import Parts
from graph.registers.polling import Taken
from graph.registers.scheduler import Scheduler, Source
from graph.registers.store import ConnectorStore
from graph.registers.watchlist import Watchlist
from resolvers.facts import record
from tests.graph.registers.brp_server import BrpServer, brp_server, joint, named, person
from tests.graph.registers.ccbr_server import CcbrServer, ccbr_server

EXAMPLES: Final = Path(__file__).parents[3] / "examples" / "registers"
NOON: Final = instant("2026-11-24T12:00:00Z")
_KEY: Final = "6b" * 32

_DIED: Final = {"type": "Datum", "datum": "2026-01-10", "langFormaat": "10 januari 2026"}

CHILD, MOTHER, FATHER = "900000001", "900000002", "900000003"
WARD, OTHER_WARD = "900000014", "900000005"
OWNER, PATIENT, GRANTOR, GRANTEE = "900000006", "900000007", "900000008", "900000009"
DECEASED, PARTNER, RESTRICTED = "900000010", "900000011", "900000012"
CLERK, GUARDIAN, OTHER_GUARDIAN = "eherkenning/7f3a", "eherkenning/91bc", "eherkenning/c0de"
OFFICE, INSTITUTION, OTHER_INSTITUTION = "90000001", "90000002", "90000003"

_KEYS: Final = Pseudonyms({1: bytes.fromhex(_KEY)}, eleven_test=False)

_OVER_HTTP: Final = """
[[source]]
name = "brp"
kind = "brp"
url = "{brp}"
people = "people.txt"
eleven_test = false
max_silence = "P2D"

[[source]]
name = "ccbr"
kind = "ccbr"
url = "{ccbr}"
everybody_known = {everybody_known}
max_silence = "P1D"
[source.representatives]
"Bewindhuis Voorbeeldstad, Utrecht" = "{office}"
"G. Voorbeeld, Utrecht" = "{curator}"
"""


def pid(who: str) -> str:
    """The id of a citizen service number; whoever bears none is himself."""
    return _KEYS.id_of(who) if len(who) == 9 else who


class Town:
    """`clock` in microseconds; `sources` by name."""

    def __init__(self, ledger: Ledger, store: ConnectorStore, folder: Path, brp: BrpServer, ccbr: CcbrServer) -> None:
        self.ledger, self.store, self.folder, self.brp, self.ccbr = ledger, store, folder, brp, ccbr
        self.clock = NOON
        self.sources: dict[str, Source] = {}
        self._news = 0

    async def sync(self, *names: str) -> dict[str, Taken]:
        """These sources, or all, until they have no more; every drop has something new to say, be it nothing."""
        self.say_nothing_new()
        scheduler = Scheduler(self.sources.values(), self.ledger, self.store, clock=lambda: self.clock)
        return {name: await scheduler.sync(self.sources[name]) for name in names or self.sources}

    def say_nothing_new(self) -> None:
        """Each drop gets a file that is empty but for its header, written now."""
        self._news += 1
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            first = min(folder.iterdir())
            header = first.read_text(encoding="utf-8").splitlines(keepends=True)[:1] if first.suffix == ".csv" else []
            self.drop(f"{folder.name}/2027-{self._news:04d}{first.suffix}", "".join(header))

    def drop(self, name: str, text: str) -> None:
        """A file in a folder, written now by the town's clock."""
        (self.folder / name).write_text(text, encoding="utf-8")
        os.utime(self.folder / name, (self.clock / 1_000_000, self.clock / 1_000_000))

    @contextmanager
    def unreachable(self, name: str) -> Iterator[None]:
        """The source is down in its own way: an error, nonsense, a folder that is gone."""
        if name == "brp":
            self.brp.status = 503
        elif name == "ccbr":
            self.ccbr.said = b"<html>maintenance</html>"
        else:
            (self.folder / name).rename(self.folder / f".{name}")
        yield
        self.brp.status, self.ccbr.said = 200, None
        if (self.folder / f".{name}").exists():
            (self.folder / f".{name}").rename(self.folder / name)

    async def notices(self) -> list[str]:
        """What an operator is shown, newest first."""
        await Watchlist(self.store).follow(self.ledger, self.clock)
        return [notice.sentence for notice in self.store.notices()]

    async def record(self, *facts: dict[str, object]) -> None:
        """What the provider itself records, by the door of the `recordFacts` mutation."""
        done = await record(self.ledger, facts, now=self.clock)
        assert not done.problems

    async def ask(self, representative: str, represented: str, service: str, **more: object) -> Decision:
        """The decision now; `service` in full."""
        return (await self.decisions([self.question(representative, represented, service, **more)]))[0]

    def question(self, representative: str, represented: str, service: str, **more: object) -> Question:
        """What `ask` asks."""
        asked = {
            "representative": pid(representative),
            "represented": pid(represented),
            "provider": service.partition("/")[0],
            "service": service,
            "assurance": "SUBSTANTIAL",
        }
        return question_of(asked | more, now=self.clock)

    async def decisions(self, questions: Sequence[Question]) -> list[Decision]:
        """All at one ledger position."""
        near = await self.ledger.neighbourhoods(questions)
        return [decide(question, around) for question, around in zip(questions, near, strict=True)]


@asynccontextmanager
async def town(ledger: Ledger, folder: Path, *, everybody_known: bool = True) -> AsyncIterator[Town]:
    """With everybody in it, nothing taken in yet."""
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    (folder / "brp.jsonl").unlink()
    store = ConnectorStore(folder / ".connectors.sqlite")
    with brp_server() as brp, ccbr_server() as ccbr:
        async with httpx.AsyncClient() as client:
            made = Town(ledger, store, folder, brp, ccbr)
            _settle(made)
            (folder / "sources.toml").write_text(_toml(made, everybody_known=everybody_known), encoding="utf-8")
            environment = {"MACHTIGEN_BSN_KEY_1": _KEY}
            parts = Parts(ledger, store, client, environment, folder, lambda: made.clock, dev=True)
            made.sources = {each.connector.name: each for each in sources_of(folder / "sources.toml", parts)}
            try:
                yield made
                assert brp.broken == []
            finally:
                store.close()


def _toml(made: Town, *, everybody_known: bool) -> str:
    """The example's drops; over HTTP what the example derives from records."""
    entries = (EXAMPLES / "registers.toml").read_text(encoding="utf-8").split("[[source]]\n")
    drops = [f"[[source]]\n{entry}" for entry in entries[1:] if 'kind = "drop"' in entry]
    over_http = _OVER_HTTP.format(
        brp=made.brp.url,
        ccbr=made.ccbr.url,
        everybody_known=json.dumps(everybody_known),
        office=OFFICE,
        curator=pid(GRANTEE),
    )
    return over_http + "\n".join(drops)


def _settle(made: Town) -> None:
    """Who lives here, by the registers that are asked over HTTP."""
    guardianship = [{"type": "Voogdij", "minderjarige": named(WARD)}]
    people = [
        person(CHILD, "2020-03-01", gezag=[joint(CHILD, MOTHER, FATHER)]),
        person(MOTHER, "1988-03-04"),
        person(FATHER, "1986-07-21"),
        person(WARD, "2019-05-05", gezag=guardianship),
        person(OTHER_WARD, "2019-05-05", gezag=[{"type": "Voogdij", "minderjarige": named(OTHER_WARD)}]),
        person(OWNER, "1950-04-05", naam={"geslachtsnaam": "Voorbeeld", "voorvoegsel": "van"}),
        person(PATIENT, "1948-09-09"),
        person(GRANTOR, "1955-12-12", naam={"geslachtsnaam": "Gever"}),
        person(GRANTEE, "1985-10-10"),
        person(PARTNER, "1980-08-08"),
        person(RESTRICTED, "1950-04-05", naam={"geslachtsnaam": "Anders"}),
        person(DECEASED, "1944-02-02", overlijden={"datum": _DIED}),
    ]  # fmt: skip
    made.brp.people = {str(each["burgerservicenummer"]): each for each in people}
    (made.folder / "people.txt").write_text("\n".join(made.brp.people) + "\n", encoding="ascii")
    made.ccbr.entries = [
        entry("B-1", "BEWIND", "van Voorbeeld", "1950-04-05", "Bewindhuis Voorbeeldstad"),
        entry("C-1", "CURATELE", "Anders", "1950-04-05", "G. Voorbeeld"),
    ]


def entry(number: str, measure: str, surname: str, born: str, representative: str) -> dict[str, object]:
    """A measure as the CCBR publishes it."""
    return {
        "number": number,
        "measure": measure,
        "surname": surname,
        "birth_date": born,
        "started_on": "2020-01-01",
        "representative": representative,
        "place": "Utrecht",
        "ground": "PHYSICAL_OR_MENTAL",
    }

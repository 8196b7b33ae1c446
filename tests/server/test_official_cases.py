"""The people of every official case through the connector into both graphs: decisions over HTTP are the derivation's.

Each case is a world of its own, so that equal numbers of two cases are two people. At the case's own day everybody asks
about every minor: at a hospital where the child is under 12, and at a school, where one joint holder of any child is
enough.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest

from authority.moments import day, instant_text
from authority.parental.brp import Case
from authority.parental.derivation import Population
from authority.parental.determine import Determination, determine
from authority.parental.records import Doubts, Record
from graph.pseudonyms import Pseudonyms
from tests.contracts.homes import Home
from tests.resolvers.small import fill
from tests.server.asking import MACHTIGEN, ROOT, SECONDS_MAX, ask, served
from tests.server.test_cases import CASES, credentials
from tests.tokens import BY_WHAT_IS_ASKED

KEY = "6f" * 32
PSEUDONYMS = Pseudonyms({1: bytes.fromhex(KEY)}, eleven_test=False)
DECISIONS = "query($q: [Question!]!) { decisions(questions: $q) { outcome reason } }"
PROVIDERS: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE"},
    {"fact": "provider", "id": "s1", "sector": "OTHER", "status": "LIVE"},
    {"fact": "service", "id": "h1/record", "provider": "h1", "domain": "CARE_RECORD", "minimum_assurance": "LOW"},
    {"fact": "service", "id": "s1/class", "provider": "s1", "domain": "SCHOOL", "minimum_assurance": "LOW"}
    | {"routine": True},
]
CURRENT = [
    case
    for line in (CASES / "parental_authority.jsonl").read_bytes().splitlines()
    if (case := msgspec.json.decode(line, type=Case)).tier == "current"
]


REASONS = {
    "PARENTAL_SOLE": "PARENTAL_AUTHORITY",
    "PARENTAL_JOINT": "PARENTAL_AUTHORITY",
    "SHARED_AUTHORITY": "SHARED_AUTHORITY",
    "GUARDIANSHIP": "GUARDIANSHIP",
}


class Pair(NamedTuple):
    """Somebody asks about a minor of the same case."""

    case: Case
    person: str
    found: Determination
    service: str

    @property
    def population(self) -> Population:
        return Population(self.case.facts.persons)

    @property
    def holds(self) -> bool:
        """As the derivation has it."""
        return self.person in self.found.holders

    def derived(self) -> tuple[str, str]:
        """What the derivation alone makes of it, whatever connector and graph there are."""
        found, today = self.found, self.case.evaluation_date
        records = [self.population.record_of(bsn) for bsn in (self.person, found.minor)]
        asker = records[0]
        read = Record(asker, Doubts(today), today) if asker is not None else None
        if read is not None and read.deceased:
            return "DENY", "REPRESENTATIVE_DECEASED"
        if read is not None and read.adult and read.under_curatele:
            return "DENY", "REPRESENTATIVE_INCAPABLE"
        if self.holds and asker is not None:
            if any((record.birth_date or "0000").startswith("0000") for record in records if record is not None):
                return "INDETERMINATE", "BIRTH_DATE_UNCERTAIN"
            marks = [record.under_investigation for record in records if record is not None]
            if found.doubtful or any(mark is not None and mark.until is None for mark in marks):
                return "INDETERMINATE", "UNDER_INVESTIGATION"
            return "PERMIT", REASONS[found.outcome]
        if found.outcome == "UNDETERMINED" and self.person in found.candidates:
            return "INDETERMINATE", "AUTHORITY_UNDETERMINED"
        return "DENY", "NO_GROUND"

    def official(self) -> bool | None:
        """Whether the case's own expected answer gives this authority; None: it was asked about other people."""
        if self.case.query.bsn not in (self.person, self.found.minor):
            return None
        relations = [each for each in self.case.expected or () if each.minor == self.found.minor]
        thirds = [third.bsn for each in relations for third in each.third_parties or ()]
        return self.person in [parent for each in relations for parent in each.parents or ()] + thirds

    def question(self) -> dict[str, Any]:
        """As GraphQL has it."""
        identify = PSEUDONYMS.scoped(self.case.id).id_of
        return {
            "representative": identify(self.person),
            "represented": identify(self.found.minor),
            "provider": self.service.partition("/")[0],
            "service": self.service,
            "assurance": "SUBSTANTIAL",
            "at": instant_text(day(self.case.evaluation_date.isoformat())),
        }


def pairs() -> Iterator[Pair]:
    """Everybody whom a case names, about every minor that the derivation speaks of."""
    for case in CURRENT:
        population, today = Population(case.facts.persons), case.evaluation_date
        numbers = {bsn for person in case.facts.persons if (bsn := person.bsn) and population.all_of(bsn)}
        derived = [each for bsn in sorted(numbers) if (each := determine(bsn, population, today))]
        minors = [each for each in derived if each.outcome != "NOT_APPLICABLE"]
        named = {bsn for each in minors for bsn in (*each.holders, *each.candidates)}
        for found in minors:
            record = population.record_of(found.minor)
            born = (record.birth_date if record else None) or "0000-00-00"
            services = ("h1/record", "s1/class") if born > f"{today.year - 12}-{today:%m-%d}" else ("s1/class",)
            for person in sorted((numbers | named) - {found.minor}):
                yield from (Pair(case, person, found, service) for service in services)


@pytest.fixture(scope="module")
def everything() -> list[Pair]:
    """All that is asked, once for both graphs."""
    return list(pairs())


def synchronised(home: Home, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`machtigen sync` of the open current cases, as an operator runs it."""
    lines = (CASES / "parental_authority.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "cases.jsonl").write_bytes(b"".join(line for line in lines if b'"tier": "current"' in line))
    toml = folder / "registers.toml"
    toml.write_text(
        '[[source]]\nname = "official"\nkind = "brp_records"\nfile = "cases.jsonl"\n'
        "scoped = true\neleven_test = false\n"
    )
    environment = os.environ | credentials(home) | {"MACHTIGEN_BSN_KEY_1": KEY}
    environment["MACHTIGEN_CONNECTORS"] = str(folder / "connectors.sqlite")
    command = [MACHTIGEN, "sync", "official", "--registers", str(toml), "--graph", home.address, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
    )


async def test_decisions_are_the_derivations(home: Home, tmp_path: Path, everything: list[Pair]) -> None:
    ledger = await home.empty()
    await fill(ledger, PROVIDERS)
    before = await ledger.head()
    refused = synchronised(home, tmp_path)
    assert (refused.returncode, "--dev" in refused.stderr) == (2, True)
    assert await ledger.head() == before, "refused, and nothing taken"
    done = synchronised(home, tmp_path, "--dev")
    assert (done.returncode, done.stderr) == (0, "")

    decisions: list[dict[str, str]] = []
    with served(home.address, **credentials(home)) as (url, _):
        async with httpx.AsyncClient(base_url=url, timeout=SECONDS_MAX, auth=BY_WHAT_IS_ASKED) as client:
            for start in range(0, len(everything), 1_000):
                asked = [pair.question() for pair in everything[start : start + 1_000]]
                decisions += (await ask(client, DECISIONS, {"q": asked}))["decisions"]

    counts: Counter[str] = Counter()
    for pair, decision in zip(everything, decisions, strict=True):
        given, official = (decision["outcome"], decision["reason"]), pair.official()
        assert given == pair.derived(), (pair.case.id, pair.person, pair.found)
        if official is not None:
            assert given[0] != "PERMIT" or official, f"a false permit: {pair.case.id}"
            assert official == pair.holds
        counts[f"{pair.service} {given[0]}"] += 1
        counts["held"] += pair.holds
        counts["official"] += official is not None
    assert counts == {
        "h1/record PERMIT": 392,
        "h1/record INDETERMINATE": 36,
        "h1/record DENY": 1628,
        "s1/class PERMIT": 673,
        "s1/class INDETERMINATE": 181,
        "s1/class DENY": 2855,
        "held": 1193,
        "official": 1866,
    }


def test_every_case_that_speaks_of_a_minor_is_asked(everything: list[Pair]) -> None:
    assert len(CURRENT) == 372
    asked = {pair.case.id for pair in everything}
    left = [case for case in CURRENT if case.id not in asked and case.expected]
    assert [len(case.facts.persons) for case in left] == [1], "nobody is there but the child"
    parents = {(pair.case.id, pair.person) for pair in everything if pair.holds}
    young = {(pair.case.id, pair.found.minor) for pair in everything if pair.service == "h1/record"}
    assert (len(asked), len(parents), len(young)) == (363, 485, 316)

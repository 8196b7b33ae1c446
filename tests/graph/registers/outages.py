"""Each register of facts.md table 3 falls silent, one after the other: what is answered before, during and after.

`python -m tests.graph.registers.outages` prints the table that stands in docs/registers.md, on an embedded graph.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from authority.decision import Decision
from graph.embedded import EmbeddedGraph
from tests.graph.registers.town import (
    CHILD,
    CLERK,
    DECEASED,
    FATHER,
    GRANTEE,
    GRANTOR,
    GUARDIAN,
    INSTITUTION,
    MOTHER,
    NOON,
    OFFICE,
    OTHER_GUARDIAN,
    OTHER_INSTITUTION,
    OTHER_WARD,
    OWNER,
    PARTNER,
    PATIENT,
    RESTRICTED,
    WARD,
    Town,
    pid,
    town,
)

REGISTERS: Final = {
    "BRP": "brp",
    "CCBR": "ccbr",
    "COURT": "court",
    "DIGID_MACHTIGEN": "digid-machtigen",
    "EHERKENNING": "eherkenning",
    "ESTATE": "estate",
    "GEZAGSREGISTER": "gezagsregister",
    "HANDELSREGISTER": "handelsregister",
    "NEXT_OF_KIN": "next-of-kin",
    "PROVIDER": "provider",
}
"""Each register of table 3, and the source that brings its word."""


class Case(NamedTuple):
    """`matters`: the registers whose silence makes it INDETERMINATE by facts.md 5.2 step 7, 5.4 or 5.6."""

    name: str
    representative: str
    represented: str
    service: str
    answer: str
    matters: frozenset[str]
    more: dict[str, object] = {}  # noqa: RUF012  # read only


def _case(name: str, who: str, whom: str, service: str, answer: str, matters: str = "", **more: object) -> Case:
    return Case(name, who, whom, service, answer, frozenset(matters.split()), more)


_EMPLOYED: Final = " BRP HANDELSREGISTER EHERKENNING"
CASES: Final = (
    _case("a parent, the record", MOTHER, CHILD, "umc/record", "PERMIT PARENTAL_AUTHORITY", "BRP"),
    _case("a parent, treatment", MOTHER, CHILD, "umc/treatment", "CONSENT_REQUIRED OTHER_HOLDER_MUST_CONSENT", "BRP"),
    _case(
        "a guardianship institution", GUARDIAN, WARD, "umc/record", "PERMIT GUARDIANSHIP",
        "GEZAGSREGISTER" + _EMPLOYED, organisation=INSTITUTION,
    ),
    _case(
        "consent by the court in a parent's place", GUARDIAN, CHILD, "umc/treatment", "PERMIT TREATMENT_SUBSTITUTE",
        "GEZAGSREGISTER" + _EMPLOYED, organisation=INSTITUTION,
    ),
    _case(
        "an institution without a certificate", OTHER_GUARDIAN, OTHER_WARD, "umc/record",
        "INDETERMINATE CERTIFICATE_EXPIRED", organisation=OTHER_INSTITUTION,
    ),
    _case(
        "bewind by an office", CLERK, OWNER, "bank/account", "PERMIT BEWIND",
        "CCBR" + _EMPLOYED, organisation=OFFICE,
    ),
    _case("a curator", GRANTEE, RESTRICTED, "bank/account", "PERMIT CURATELE", "CCBR BRP"),
    _case("a mentor", CLERK, PATIENT, "umc/record", "PERMIT MENTORSCHAP", "COURT" + _EMPLOYED, organisation=OFFICE),
    _case(
        "a mandate, care", GRANTEE, GRANTOR, "umc/record", "PERMIT VOLUNTARY_MANDATE",
        "DIGID_MACHTIGEN BRP CCBR COURT",
    ),
    _case("a mandate, tax", GRANTEE, GRANTOR, "tax/return", "PERMIT VOLUNTARY_MANDATE", "DIGID_MACHTIGEN BRP CCBR"),
    _case("a mandate withdrawn", FATHER, MOTHER, "tax/return", "DENY WITHDRAWN"),
    _case("next of kin", PARTNER, DECEASED, "tax/return", "PERMIT NEXT_OF_KIN_MANDATE", "NEXT_OF_KIN BRP"),
    _case("an executor", PARTNER, DECEASED, "bank/account", "PERMIT EXECUTOR", "ESTATE BRP"),
    _case("the record after death", PARTNER, DECEASED, "umc/record", "PERMIT RECORD_AFTER_DEATH", "PROVIDER BRP"),
    _case("oneself", GRANTOR, GRANTOR, "tax/return", "PERMIT SELF", "BRP CCBR COURT"),
    _case("a stranger", GRANTEE, CHILD, "umc/record", "DENY NO_GROUND"),
    _case("who claims authority", GRANTEE, CHILD, "umc/record", "DENY NO_GROUND", "BRP", claim="PARENTAL_SOLE"),
    _case(
        "who claims a mandate", MOTHER, GRANTOR, "tax/return", "DENY NO_GROUND", "DIGID_MACHTIGEN",
        claim="VOLUNTARY_MANDATE",
    ),
    _case("who claims curatele", MOTHER, GRANTOR, "bank/account", "DENY NO_GROUND", "CCBR", claim="CURATELE"),
    _case(
        "who claims mentorschap", MOTHER, GRANTOR, "umc/record", "INDETERMINATE CLAIM_NOT_IN_REGISTER", "COURT",
        claim="MENTORSCHAP",
    ),
    _case(
        "who claims guardianship", MOTHER, WARD, "umc/record", "INDETERMINATE CLAIM_NOT_IN_REGISTER",
        claim="GUARDIANSHIP",
    ),
    _case(
        "who claims to be next of kin", MOTHER, DECEASED, "tax/return", "DENY NO_GROUND", "NEXT_OF_KIN",
        claim="NEXT_OF_KIN_MANDATE",
    ),
)  # fmt: skip
"""Who asks, and what facts.md answers while all registers speak."""


class Outage(NamedTuple):
    """One register silent for longer than agreed; the answers in the order of CASES."""

    register: str
    failed: str
    before: list[Decision]
    during: list[Decision]
    after: list[Decision]


async def outages(here: Town) -> list[Outage]:
    """Each register in turn; all others go on speaking."""
    await here.sync()
    await here.record(*_seen_by_the_provider())
    found: list[Outage] = []
    for register, source in REGISTERS.items():
        before = found[-1].after if found else await _answers(here)
        found.append(await _outage(here, register, source, before))
    return found


async def _outage(here: Town, register: str, source: str, before: list[Decision]) -> Outage:
    max_silence = here.sources[source].terms.max_silence
    assert max_silence is not None
    with here.unreachable(source):
        here.clock += max_silence
        taken = await here.sync()
        during = await _answers(here)
    here.clock += 60_000_000
    await here.sync(source)
    return Outage(register, str(taken[source].failed), before, during, await _answers(here))


async def _answers(here: Town) -> list[Decision]:
    return await here.decisions([here.question(c.representative, c.represented, c.service, **c.more) for c in CASES])


def _seen_by_the_provider() -> Iterable[dict[str, object]]:
    yield {"fact": "ability", "id": "umc/1", "person": pid(PATIENT), "able": False, "provider": "umc"}
    yield {
        "fact": "authority",
        "id": "umc/2",
        "kind": "RECORD_AFTER_DEATH",
        "representative": pid(PARTNER),
        "represented": pid(DECEASED),
        "services": ["umc/record"],
    }


def table(found: Iterable[Outage]) -> list[str]:
    """Markdown: a case a row, its answer while all speak, and the registers whose silence made it INDETERMINATE."""
    outages = list(found)
    lines = ["| who asks | while all registers speak | INDETERMINATE `REGISTER_STALE` while this one is silent |"]
    lines.append("|---|---|---|")
    for number, case in enumerate(CASES):
        silent = [o.register for o in outages if o.during[number].reason == "REGISTER_STALE"]
        normal = outages[0].before[number]
        lines.append(f"| {case.name} | {normal.outcome} `{normal.reason}` | {', '.join(silent) or 'none'} |")
    return lines


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        graph = EmbeddedGraph.open(Path(folder) / "graph")
        async with town(graph, Path(folder) / "town") as here:
            found = await outages(here)
            days = (here.clock - NOON) / 86_400_000_000
        await graph.close()
    changed = sum(b.outcome != d.outcome for o in found for b, d in zip(o.before, o.during, strict=True))
    back = sum(
        (b.outcome, b.reason) == (a.outcome, a.reason) for o in found for b, a in zip(o.before, o.after, strict=True)
    )
    sys.stdout.write("\n".join(table(found)) + "\n\n")
    asked = len(found) * len(CASES)
    sys.stdout.write(
        f"{len(found)} outages in {days:.0f} days, {asked} decisions each time: {changed} had another outcome during, "
        f"{back} of {asked} the answer of before afterwards.\n"
    )


if __name__ == "__main__":
    asyncio.run(_main())

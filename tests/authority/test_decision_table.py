"""The table of domain.md chapter 9 (tests/cases/decision_table.jsonl), each row acted out with facts.

Read as facts.md has it (README of the cases): a BEWIND opens GOVERNMENT only for a service with matter FINANCIAL, a
claimed MENTORSCHAP only with CARE_ASSESSMENT, and TAX by the executor rests on a next-of-kin mandate of his own.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from authority.codes import Outcome
from authority.facts import Fact
from tests.authority.asking import ability, ask, authority, block, consent, fact, person, refusal, silent
from tests.authority.test_cases import CASES

SERVICE: Final = {
    "CARE_RECORD": "record",
    "CARE_DECISION": "treatment",
    "PROPERTY": "policy",
    "TAX": "return",
    "GOVERNMENT": "desk",
    "SCHOOL": "class",
}
FINANCIAL: Final = {"GOVERNMENT": "benefits"}
ASSESSMENT: Final = {"GOVERNMENT": "wmo"}

ONESELF: Final = {"representative": "bram"}
CHILD, TEEN, SIXTEEN, ADULT = person("bram", 11), person("bram", 13), person("bram", 16), person("bram", 18)
SAYS_YES = consent("bram", domain="CARE_RECORD", valid_from="2026-01-01")
DEAD = person("bram", 80, died="2026-01-01")
SOLE = authority("PARENTAL_SOLE")
JOINT = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"))
SHARED = (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", "cora"))
GUARDIAN = authority("GUARDIANSHIP")
HERS = authority("PARENTAL_SOLE", "cora")
MANDATE, CURATELE, BEWIND = authority("VOLUNTARY_MANDATE"), authority("CURATELE"), authority("BEWIND")
MENTOR = authority("MENTORSCHAP")
MEASURES = (CURATELE, BEWIND, MENTOR)
EMPLOYED = fact("employment", "e", employee="anna", organisation="office")
OFFICE = (fact("organisation", "office", kind="ADMINISTRATION_OFFICE"), EMPLOYED, authority("BEWIND", "office"))
INSTITUTION = (
    fact("organisation", "office", kind="GUARDIANSHIP_INSTITUTION", certified_until="2030-01-01"),
    EMPLOYED,
    authority("GUARDIANSHIP", "office"),
)
THROUGH_OFFICE: Final = {"organisation": "office"}


def mandate(**fields: Any) -> Fact:
    return authority("VOLUNTARY_MANDATE", **fields)


def measure(kind: str, begins: str) -> Fact:
    return authority(kind, "cora", valid_from=begins)


Row = tuple[tuple[Fact, ...], dict[str, Any]]
ROWS: Final[dict[str, Row]] = {
    "dt-01": ((CHILD,), ONESELF),
    "dt-02": ((TEEN, *JOINT), ONESELF),
    "dt-03": ((SIXTEEN, *JOINT), ONESELF),
    "dt-04": ((), ONESELF),
    "dt-05": ((CURATELE,), ONESELF),
    "dt-06": ((BEWIND,), ONESELF),
    "dt-07": ((MENTOR,), ONESELF),
    "dt-08": ((MANDATE, SIXTEEN), {}),
    "dt-09": ((MANDATE,), {}),
    "dt-10": ((mandate(services=["elsewhere/record"]),), {}),
    "dt-11": ((mandate(status="REQUESTED"),), {}),
    "dt-12": ((mandate(valid_from="2026-07-01"),), {}),
    "dt-13": ((mandate(valid_until="2026-06-15"),), {}),
    "dt-14": ((mandate(status="WITHDRAWN"),), {}),
    "dt-15": ((MANDATE, measure("CURATELE", "2022-01-01")), {}),
    "dt-16": ((MANDATE, measure("BEWIND", "2022-01-01")), {}),
    "dt-17": ((MANDATE, measure("BEWIND", "2019-01-01")), {}),
    "dt-18": ((MANDATE, measure("MENTORSCHAP", "2022-01-01")), {}),
    "dt-19": ((MANDATE, DEAD), {}),
    "dt-20": ((SOLE, CHILD), {}),
    "dt-21": ((SOLE, TEEN), {}),
    "dt-22": ((SOLE, TEEN, SAYS_YES), {}),
    "dt-23": ((SOLE, SIXTEEN), {}),
    "dt-24": ((SOLE, ADULT), {}),
    "dt-25": ((*JOINT, CHILD), {}),
    "dt-26": ((*JOINT, TEEN), {}),
    "dt-27": ((*JOINT, TEEN, SAYS_YES), {}),
    "dt-28": ((*JOINT, SIXTEEN), {}),
    "dt-29": ((*JOINT, ADULT), {}),
    "dt-30": ((*JOINT, CHILD, refusal("cora")), {}),
    "dt-31": ((*JOINT, TEEN), {"act": "PASSPORT"}),
    "dt-32": ((*SHARED, CHILD), {}),
    "dt-33": ((authority("SHARED_AUTHORITY", "cora"), CHILD), {"claim": "SHARED_AUTHORITY"}),
    "dt-34": ((GUARDIAN, CHILD), {}),
    "dt-35": ((GUARDIAN, TEEN), {}),
    "dt-36": ((GUARDIAN, SIXTEEN), {}),
    "dt-37": ((*INSTITUTION, CHILD), THROUGH_OFFICE),
    "dt-38": ((authority("GUARDIANSHIP", None), CHILD), {"claim": "GUARDIANSHIP"}),
    "dt-39": ((HERS, CHILD), {}),
    "dt-40": ((HERS, TEEN), {}),
    "dt-41": ((*JOINT[1:], CHILD), {}),
    "dt-42": ((HERS, CHILD, *INSTITUTION[:2]), THROUGH_OFFICE),
    "dt-43": ((authority("TREATMENT_SUBSTITUTE"), HERS, CHILD), {}),
    "dt-44": ((SOLE, authority("TREATMENT_SUBSTITUTE", "cora"), CHILD), {}),
    "dt-45": ((SOLE, authority("NO_AUTHORITY", None), CHILD), {}),
    "dt-46": ((authority("UNDETERMINED", None, candidates=["anna"]), CHILD), {}),
    "dt-47": ((authority("PARENTAL_SOLE", under_investigation=True), CHILD), {}),
    "dt-48": ((SOLE, CHILD, authority("CURATELE", "cora", represented="anna")), {}),
    "dt-49": ((SOLE, CHILD, person("anna", 17)), {}),
    "dt-50": ((SOLE, person("bram", 11, died="2026-01-01")), {}),
    "dt-51": ((CURATELE, ability(False)), {}),
    "dt-52": ((CURATELE,), {}),
    "dt-53": ((authority("CURATELE", ground="DRINK_OR_DRUGS"),), {}),
    "dt-54": ((BEWIND,), FINANCIAL),
    "dt-55": ((BEWIND,), {"act": "DISPOSAL", **FINANCIAL}),
    "dt-56": ((authority("BEWIND", goods=["house"]),), {}),
    "dt-57": ((authority("BEWIND", ground="DEBTS", valid_until="2026-06-15"),), FINANCIAL),
    "dt-58": ((), {"claim": "BEWIND", **FINANCIAL}),
    "dt-59": ((BEWIND, block(reason="RULING", representative="anna")), FINANCIAL),
    "dt-60": ((BEWIND, authority("BEWIND", "cora")), FINANCIAL),
    "dt-61": ((MENTOR, ability(False)), {}),
    "dt-62": ((MENTOR, ability(True)), {}),
    "dt-63": ((MENTOR,), {}),
    "dt-64": ((), {"claim": "MENTORSCHAP", **ASSESSMENT}),
    "dt-65": ((), {"claim": "CLOSE_RELATIVE"}),
    "dt-66": ((*MEASURES, person("bram", 17)), FINANCIAL),
    "dt-67": ((*MEASURES, DEAD), FINANCIAL),
    "dt-68": ((authority("BEWIND"), authority("MENTORSCHAP"), measure("CURATELE", "2022-01-01")), FINANCIAL),
    "dt-69": ((authority("HEIR"), authority("HEIR", "cora"), DEAD), {}),
    "dt-70": ((authority("RECORD_AFTER_DEATH"), DEAD), {}),
    "dt-71": ((authority("EXECUTOR"), authority("NEXT_OF_KIN_MANDATE", valid_from="2026-02-01"), DEAD), {}),
    "dt-72": ((authority("NEXT_OF_KIN_MANDATE", valid_from="2026-02-01"), DEAD), {}),
    "dt-73": (
        (
            authority("NEXT_OF_KIN_MANDATE", valid_from="2026-02-02"),
            authority("NEXT_OF_KIN_MANDATE", "cora", valid_from="2026-02-01"),
            DEAD,
        ),
        {},
    ),
    "dt-74": (OFFICE, {"assurance": "LOW", **THROUGH_OFFICE, **FINANCIAL}),
    "dt-75": (
        (
            *OFFICE[:1],
            OFFICE[2],
            fact("employment", "e", employee="anna", organisation="office", services=["elsewhere/s"]),
        ),
        THROUGH_OFFICE,
    ),
    "dt-76": (
        (*OFFICE[:2], authority("BEWIND", "office", status="ENDED"), authority("BEWIND", "new-office")),
        {**THROUGH_OFFICE, **FINANCIAL},
    ),
    "dt-77": ((MANDATE,), {"assurance": "LOW"}),
    "dt-78": ((MANDATE, block()), {}),
    "dt-79": ((MANDATE, person("anna", died="2026-01-01")), {}),
    "dt-80": ((MANDATE, silent("DIGID_MACHTIGEN")), {}),
    "dt-81": ((), {}),
}


def cells() -> list[Any]:
    with (CASES / "decision_table.jsonl").open(encoding="utf-8") as file:
        return [
            pytest.param(ROWS[cell["id"][:5]], cell["domain"], cell["outcome"], id=cell["id"])
            for cell in map(json.loads, file)
        ]


@pytest.mark.parametrize(("row", "domain", "outcome"), cells())
def test_cell(row: Row, domain: str, outcome: Outcome) -> None:
    facts, said = row
    question = {name: value for name, value in said.items() if name not in SERVICE}
    assert ask(facts, service=said.get(domain, SERVICE[domain]), **question).outcome == outcome


def test_every_row_is_acted_out() -> None:
    with (CASES / "decision_table.jsonl").open(encoding="utf-8") as file:
        cells_by_row = [json.loads(line)["id"][:5] for line in file]
    assert set(cells_by_row) == set(ROWS)
    assert len(cells_by_row) == 477

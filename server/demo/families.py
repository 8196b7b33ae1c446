"""The families of Duinstad, each for something that the law makes of it. docs/demo.md tells their stories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.demo import Line
from server.demo.calendar import Calendar


class _Teller:
    """Facts with little said: ids are the first names, an authority's is `holder-represented` unless it says."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def person(self, own: str, name: str, age: int, **fields: Any) -> Line:
        return {"fact": "person", "id": own, "born": self.calendar.born(age), **fields, "name": name}

    def authority(self, kind: str, holder: str | None, represented: str, since: int, **fields: Any) -> Line:
        """Since so many days ago, and known to its register the next day."""
        said = {
            "id": f"{holder or kind.lower()}-{represented}",
            "kind": kind,
            "representative": holder,
            "represented": represented,
            "valid_from": self.calendar.day(-since),
            "recorded_at": self.calendar.recorded(1 - since),
            **fields,
        }
        return {"fact": "authority", **said}

    def consent(self, giver: str, representative: str, represented: str, since: int, **fields: Any) -> Line:
        said = {
            "id": f"{giver}-agrees-{representative}-{represented}",
            "from": giver,
            "representative": representative,
            "represented": represented,
            "valid_from": self.calendar.day(-since),
            **fields,
        }
        return {"fact": "consent", **said}


def families(calendar: Calendar) -> Iterator[Line]:
    """Family by family."""
    tell = _Teller(calendar)
    for family in (_de_vries, _el_amrani, _van_dijk, _bakker, _jansen, _de_groot, _others):
        yield from family(tell)


def _de_vries(tell: _Teller) -> Iterator[Line]:
    """Sanne sees Lotte in the portal, not Daan: his authority stands in a register that has been silent."""
    yield tell.person("sanne", "Sanne de Vries", 38)
    yield tell.person("mark", "Mark de Vries", 40)
    yield tell.person("lotte", "Lotte de Vries", 8)
    yield tell.person("daan", "Daan Willems", 10)
    yield tell.authority("PARENTAL_JOINT", "sanne", "lotte", 8 * 365)
    yield tell.authority("PARENTAL_JOINT", "mark", "lotte", 8 * 365)
    # a ruling of last month gave Sanne alone authority over Daan; it has not reached BRP yet
    yield tell.authority("PARENTAL_SOLE", "sanne", "daan", 30, register="GEZAGSREGISTER")


def _el_amrani(tell: _Teller) -> Iterator[Line]:
    """Noor is 13: she lets her mother see the GP's record, and nobody the hospital's. Ilias is 17."""
    yield tell.person("fatima", "Fatima El Amrani", 41)
    yield tell.person("youssef", "Youssef El Amrani", 43)
    yield tell.person("noor", "Noor El Amrani", 13)
    yield tell.person("ilias", "Ilias El Amrani", 17)
    for child, age in (("noor", 13), ("ilias", 17)):
        for parent in ("fatima", "youssef"):
            yield tell.authority("PARENTAL_JOINT", parent, child, age * 365)
    yield tell.consent("noor", "fatima", "noor", 60, provider="molenhof", domain="CARE_RECORD")
    yield tell.consent("youssef", "fatima", "noor", 20, domain="GOVERNMENT", act="PASSPORT")


def _van_dijk(tell: _Teller) -> Iterator[Line]:
    """Grandmother Ria mandated her daughter Ingrid; her son Peter's mandate she withdrew."""
    services = [
        "zeeduin/record",
        "zeeduin/appointments",
        "molenhof/record",
        "lindeboom/medication",
        "belastingen/return",
    ]
    yield tell.person("ria", "Ria van Dijk", 81)
    yield tell.person("ingrid", "Ingrid van Dijk", 55)
    yield tell.person("peter", "Peter van Dijk", 52)
    yield tell.authority("VOLUNTARY_MANDATE", "ingrid", "ria", 400, services=services)
    yield tell.authority("VOLUNTARY_MANDATE", "peter", "ria", 300, services=services)
    withdrawn = {"status": "WITHDRAWN", "recorded_at": tell.calendar.recorded(-20)}
    yield tell.authority("VOLUNTARY_MANDATE", "peter", "ria", 300, services=services, **withdrawn)
    requested = {"id": "ingrid-ria-benefits", "services": ["toeslagen/benefits"], "status": "REQUESTED"}
    yield tell.authority("VOLUNTARY_MANDATE", "ingrid", "ria", 2, **requested)


def _bakker(tell: _Teller) -> Iterator[Line]:
    """Henk is under bewind, held by an office; Tim has a mentor; Bas is under curatele."""
    yield tell.person("henk", "Henk Bakker", 52)
    yield tell.authority("BEWIND", "kompas", "henk", 3 * 365, ground="DEBTS", valid_until=tell.calendar.years(2))
    yield tell.person("tim", "Tim Bakker", 24)
    yield tell.person("ellen", "Ellen Bakker", 50)
    yield tell.authority("MENTORSCHAP", "ellen", "tim", 5 * 365)
    yield tell.authority("BEWIND", "ellen", "tim", 5 * 365, id="ellen-tim-bewind", goods=["house"])
    not_able = {"able": False, "valid_from": tell.calendar.day(-90)}
    yield {"fact": "ability", "id": "tim-not-able", "person": "tim", "provider": "wilgenhof", **not_able}
    yield tell.person("bas", "Bas Peters", 45)
    yield tell.person("olga", "Olga Peters", 47)
    yield tell.authority("CURATELE", "olga", "bas", 6 * 365, ground="PHYSICAL_OR_MENTAL")


def _jansen(tell: _Teller) -> Iterator[Line]:
    """Wim died; Anja and Bert inherit, Anja holds the next-of-kin mandate, and a notary's executor sees to another."""
    yield tell.person("wim", "Wim Jansen", 78, died=tell.calendar.day(-50))
    yield tell.person("anja", "Anja Jansen", 49)
    yield tell.person("bert", "Bert Jansen", 46)
    for heir in ("anja", "bert"):
        yield tell.authority("HEIR", heir, "wim", 45)
    yield tell.authority("NEXT_OF_KIN_MANDATE", "anja", "wim", 40, id="anja-wim-tax")
    yield tell.authority("RECORD_AFTER_DEATH", "anja", "wim", 10, id="anja-wim-record", services=["zeeduin/record"])
    yield tell.person("dina", "Dina Jansen", 80, died=tell.calendar.day(-400))
    yield tell.authority("EXECUTOR", "bert", "dina", 380)


def _de_groot(tell: _Teller) -> Iterator[Line]:
    """Max's father is blocked at the hospital; nobody can tell who holds authority over Jade; Sem has a guardian."""
    yield tell.person("eva", "Eva de Groot", 33)
    yield tell.person("rob", "Rob de Groot", 36)
    yield tell.person("max", "Max de Groot", 4)
    for parent in ("eva", "rob"):
        yield tell.authority("PARENTAL_JOINT", parent, "max", 4 * 365)
    blocked = {"provider": "zeeduin", "represented": "max", "representative": "rob", "reason": "SAFETY"}
    yield {"fact": "block", "id": "rob-max", **blocked, "valid_from": tell.calendar.day(-14)}
    yield tell.person("jade", "Jade Bos", 1)
    yield tell.person("kim", "Kim Bos", 24)
    yield tell.authority("UNDETERMINED", None, "jade", 365, candidates=["kim"])
    yield tell.person("sem", "Sem Maas", 6)
    yield tell.authority("GUARDIANSHIP", "jeugdhaven", "sem", 700)
    yield tell.person("luuk", "Luuk Hoek", 7)
    yield tell.authority("GUARDIANSHIP", "jeugdanker", "luuk", 500)


def _others(tell: _Teller) -> Iterator[Line]:
    """A partner who shares authority, a child without anybody, a substituted treatment, and an uncertain birth date."""
    yield tell.person("lisa", "Lisa Prins", 35)
    yield tell.person("nina", "Nina Prins", 34)
    yield tell.person("mees", "Mees Prins", 3)
    for holder in ("lisa", "nina"):
        yield tell.authority("SHARED_AUTHORITY", holder, "mees", 3 * 365)
    yield tell.person("finn", "Finn Schouten", 9)
    yield tell.person("lies", "Lies Schouten", 39)
    yield tell.authority("PARENTAL_SOLE", "lies", "finn", 9 * 365)
    yield tell.authority("NO_AUTHORITY", None, "finn", 12)
    yield tell.person("roos", "Roos Vos", 10)
    yield tell.person("tom", "Tom Vos", 42)
    yield tell.authority("PARENTAL_SOLE", "tom", "roos", 10 * 365)
    yield tell.authority("TREATMENT_SUBSTITUTE", "gerda", "roos", 25, services=["zeeduin/treatment"])
    yield tell.person("amina", "Amina Yusuf", 45)

    yield tell.person("zahra", "Zahra Yusuf", 12) | {"born": "0000-00-00"}
    yield tell.authority("PARENTAL_SOLE", "amina", "zahra", 10 * 365)

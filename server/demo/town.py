"""Duinstad: its providers with their services, the offices that act for people, and the registers' last words.

All names are invented. One register is silent on purpose: the GEZAGSREGISTER, since a Tuesday.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from server.demo import Line
from server.demo.calendar import Calendar

CARE: Final = {"record": "CARE_RECORD", "treatment": "CARE_DECISION"}
_APPOINTMENTS: Final = {"domain": "CARE_DECISION", "routine": True}

PROVIDERS: Final[tuple[tuple[str, str, str, str], ...]] = (
    # id, sector, status, name
    ("zeeduin", "HOSPITAL", "LIVE", "Ziekenhuis Zeeduin"),
    ("westerkade", "HOSPITAL", "TESTED", "Ziekenhuis Westerkade"),
    ("molenhof", "GP", "LIVE", "Huisartsenpraktijk Molenhof"),
    ("lindeboom", "PHARMACY", "LIVE", "Apotheek Lindeboom"),
    ("waterland", "MENTAL_CARE", "APPLIED", "GGZ Waterland"),
    ("brugzicht", "DENTAL", "LIVE", "Tandartspraktijk Brugzicht"),
    ("wilgenhof", "NURSING_HOME", "LIVE", "Woonzorgcentrum De Wilgenhof"),
    ("mijndossier", "PGO", "LIVE", "Mijn Dossier"),
    ("zonnepolis", "INSURER", "LIVE", "Zonnepolis Verzekeringen"),
    ("duinstad", "MUNICIPALITY", "LIVE", "Gemeente Duinstad"),
    ("belastingen", "TAX", "LIVE", "Belastingen"),
    ("toeslagen", "BENEFITS", "LIVE", "Toeslagen"),
    ("regenboog", "OTHER", "LIVE", "Basisschool De Regenboog"),
)
SERVICES: Final[dict[str, dict[str, Line]]] = {
    "zeeduin": {"record": {"domain": "CARE_RECORD"}, "treatment": {"domain": "CARE_DECISION"}}
    | {"appointments": _APPOINTMENTS},
    "westerkade": {"record": {"domain": "CARE_RECORD"}},
    "molenhof": {"record": {"domain": "CARE_RECORD"}, "appointments": _APPOINTMENTS},
    "lindeboom": {"medication": {"domain": "CARE_RECORD"}},
    "waterland": {"record": {"domain": "CARE_RECORD"}},
    "brugzicht": {"appointments": _APPOINTMENTS | {"minimum_assurance": "LOW"}},
    "wilgenhof": {"record": {"domain": "CARE_RECORD"}, "care-plan": {"domain": "CARE_DECISION"}},
    "mijndossier": {"record": {"domain": "CARE_RECORD", "channel": "PUBLIC"}},
    "zonnepolis": {"policy": {"domain": "PROPERTY"}, "claims": {"domain": "PROPERTY"}},
    "duinstad": {
        "benefits": {"domain": "GOVERNMENT", "matter": "FINANCIAL"},
        "care-assessment": {"domain": "GOVERNMENT", "matter": "CARE_ASSESSMENT"},
        "travel-documents": {"domain": "GOVERNMENT"},
    },
    "belastingen": {"return": {"domain": "TAX"}},
    "toeslagen": {"benefits": {"domain": "GOVERNMENT", "matter": "FINANCIAL"}},
    "regenboog": {"report": {"domain": "SCHOOL", "minimum_assurance": "LOW"}},
}
_SILENT_AFTER_DAYS: Final = 3


def town(calendar: Calendar) -> Iterator[Line]:
    """Registers first, then who offers what, then who may act for clients."""
    yield from registers(calendar)
    for own, sector, status, name in PROVIDERS:
        since = {"live_from": calendar.years(-3)} if status == "LIVE" else {}
        yield {
            "fact": "provider",
            "id": own,
            "sector": sector,
            "status": status,
            "route": "ROUTING",
            **since,
            "name": name,
        }
        for short, fields in SERVICES[own].items():
            fields = {"minimum_assurance": "SUBSTANTIAL", **fields}  # noqa: PLW2901 - what it leaves out
            yield {"fact": "service", "id": f"{own}/{short}", "provider": own, **fields}
    yield from offices(calendar)


def registers(calendar: Calendar) -> Iterator[Line]:
    """Each was heard from today, but one. They may be silent for a month, so that the demo lives that long."""
    rulings = {"delay": "P92D"}
    heard = {
        "BRP": (timedelta(minutes=4), "Basisregistratie Personen", {}),
        "CCBR": (timedelta(hours=7), "Centraal Curatele- en bewindregister", rulings),
        "COURT": (timedelta(hours=7), "Rechtspraak", rulings),
        "DIGID_MACHTIGEN": (timedelta(seconds=20), "DigiD Machtigen", {}),
        "NEXT_OF_KIN": (timedelta(hours=2), "Nabestaandenmachtigingen", {}),
        "ESTATE": (timedelta(hours=9), "Boedelregister", {}),
        "HANDELSREGISTER": (timedelta(minutes=30), "Handelsregister", {}),
        "EHERKENNING": (timedelta(minutes=1), "eHerkenning", {}),
        "PROVIDER": (timedelta(seconds=5), "De aanbieders zelf", {}),
    }
    for own, (ago, name, more) in heard.items():
        silence = {"heard_from": calendar.instant(ago), "max_silence": "P31D"}
        yield {"fact": "register", "id": own, **silence, **more, "name": name}
    tuesday = calendar.last_tuesday(_SILENT_AFTER_DAYS + 1)
    yield {
        "fact": "register",
        "id": "GEZAGSREGISTER",
        "heard_from": calendar.instant(calendar.now - tuesday),
        "max_silence": f"P{_SILENT_AFTER_DAYS}D",
        **rulings,
        "name": "Gezagsregister",
    }


def offices(calendar: Calendar) -> Iterator[Line]:
    """An administration office, two guardianship institutions of which one lost its certificate, and others."""
    organisations: tuple[tuple[str, str, Line, str], ...] = (
        ("kompas", "ADMINISTRATION_OFFICE", {}, "Kompas Bewindvoering"),
        ("jeugdhaven", "GUARDIANSHIP_INSTITUTION", {"certified_until": calendar.years(2)}, "Jeugdhaven"),
        ("jeugdanker", "GUARDIANSHIP_INSTITUTION", {"certified_until": calendar.day(-40)}, "Jeugdanker"),
        ("cijferhuis", "FISCAL_INTERMEDIARY", {}, "Cijferhuis Belastingadvies"),
        ("notaris-bos", "NOTARY", {}, "Notariskantoor Bos"),
        ("oud-kompas", "ADMINISTRATION_OFFICE", {"registered": False}, "Kompas Bewindvoering (opgeheven)"),
    )
    for own, kind, fields, name in organisations:
        yield {"fact": "organisation", "id": own, "kind": kind, **fields, "name": name}
    employees = (
        ("karin", "Karin Visser", "kompas", None),
        ("kees", "Kees Smit", "kompas", ["belastingen/return"]),
        ("gerda", "Gerda Mulder", "jeugdhaven", None),
        ("joost", "Joost Kok", "jeugdanker", None),
        ("paula", "Paula Dekker", "cijferhuis", ["belastingen/return"]),
    )
    for own, name, organisation, services in employees:
        yield {"fact": "person", "id": own, "born": calendar.born(44), "name": name}
        yield {
            "fact": "employment",
            "id": f"{organisation}/{own}",
            "employee": own,
            "organisation": organisation,
            **({"services": services} if services else {}),
            "valid_from": calendar.years(-4),
        }

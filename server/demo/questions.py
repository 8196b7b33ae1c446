"""The questions that the demo prints: one for each outcome first, then the other stories."""

from __future__ import annotations

import shlex
from typing import Any, Final, NamedTuple

import msgspec

from authority.codes import Outcome


class Asked(NamedTuple):
    """A question with its story, and what must come out."""

    story: str
    outcome: Outcome
    reason: str
    question: dict[str, Any]


def _ask(representative: str, represented: str, service: str, **fields: Any) -> dict[str, Any]:
    return {
        "representative": representative,
        "represented": represented,
        "provider": service.partition("/")[0],
        "service": service,
        "assurance": "SUBSTANTIAL",
        **fields,
    }


FIRST: Final = (
    Asked(
        "Sanne opens the hospital's portal for her daughter Lotte, who is 8.",
        "PERMIT",
        "PARENTAL_AUTHORITY",
        _ask("sanne", "lotte", "zeeduin/record"),
    ),
    Asked(
        "She does not see Daan: his authority stands in a register that has been silent since Tuesday.",
        "INDETERMINATE",
        "REGISTER_STALE",
        _ask("sanne", "daan", "zeeduin/record"),
    ),
    Asked(
        "She agrees to a treatment of Lotte: Mark must agree too.",
        "CONSENT_REQUIRED",
        "OTHER_HOLDER_MUST_CONSENT",
        _ask("sanne", "lotte", "zeeduin/treatment"),
    ),
    Asked(
        "Peter looks into the record of his mother Ria, who withdrew his mandate.",
        "DENY",
        "WITHDRAWN",
        _ask("peter", "ria", "zeeduin/record"),
    ),
)
"""One for each outcome; the first is the ticket's child that is seen, the second the one that is not."""

OTHERS: Final = (
    Asked(
        "Ingrid looks into her mother Ria's record: mandated.",
        "PERMIT",
        "VOLUNTARY_MANDATE",
        _ask("ingrid", "ria", "zeeduin/record"),
    ),
    Asked(
        "Fatima opens Noor's record at the hospital: Noor is 13 and has not said yes there.",
        "INDETERMINATE",
        "CHILD_CONSENT_UNKNOWN",
        _ask("fatima", "noor", "zeeduin/record"),
    ),
    Asked(
        "… and at the GP, where Noor has.",
        "PERMIT",
        "PARENTAL_AUTHORITY",
        _ask("fatima", "noor", "molenhof/record"),
    ),
    Asked(
        "… and in a personal health environment, which does not serve ages 12 to 15.",
        "DENY",
        "CHANNEL_EXCLUDES",
        _ask("fatima", "noor", "mijndossier/record"),
    ),
    Asked(
        "Fatima applies for Noor's passport; Youssef said yes to just that.",
        "PERMIT",
        "PARENTAL_AUTHORITY",
        _ask("fatima", "noor", "duinstad/travel-documents", act="PASSPORT"),
    ),
    Asked(
        "Fatima opens the record of Ilias, who is 17.",
        "DENY",
        "REPRESENTED_DECIDES_ALONE",
        _ask("fatima", "ilias", "zeeduin/record"),
    ),
    Asked(
        "Karin of Kompas handles Henk's insurance.",
        "PERMIT",
        "BEWIND",
        _ask("karin", "henk", "zonnepolis/policy", organisation="kompas"),
    ),
    Asked(
        "… and borrows for him: Henk or the court must agree.",
        "CONSENT_REQUIRED",
        "REPRESENTED_OR_COURT_MUST_CONSENT",
        _ask("karin", "henk", "zonnepolis/policy", organisation="kompas", act="DISPOSAL"),
    ),
    Asked(
        "Kees of Kompas may do tax returns only.",
        "DENY",
        "EMPLOYEE_NOT_AUTHORISED",
        _ask("kees", "henk", "zonnepolis/policy", organisation="kompas"),
    ),
    Asked(
        "Henk changes his insurance himself: his administrator must agree.",
        "CONSENT_REQUIRED",
        "ADMINISTRATOR_MUST_CONSENT",
        _ask("henk", "henk", "zonnepolis/policy"),
    ),
    Asked(
        "Ellen decides on Tim's care plan: he is found not able to.",
        "PERMIT",
        "MENTORSCHAP",
        _ask("ellen", "tim", "wilgenhof/care-plan"),
    ),
    Asked(
        "… and opens his record at the hospital, which has not recorded whether he is.",
        "INDETERMINATE",
        "ABILITY_UNKNOWN",
        _ask("ellen", "tim", "zeeduin/record"),
    ),
    Asked(
        "Olga files the tax return of Bas, who is under curatele.",
        "PERMIT",
        "CURATELE",
        _ask("olga", "bas", "belastingen/return"),
    ),
    Asked(
        "Anja sees to the insurance of her late father Wim: Bert inherits too.",
        "CONSENT_REQUIRED",
        "OTHER_HEIRS_MUST_CONSENT",
        _ask("anja", "wim", "zonnepolis/policy"),
    ),
    Asked(
        "… and files his last tax return.",
        "PERMIT",
        "NEXT_OF_KIN_MANDATE",
        _ask("anja", "wim", "belastingen/return"),
    ),
    Asked("Rob is blocked at the hospital, for his son Max.", "DENY", "BLOCKED", _ask("rob", "max", "zeeduin/record")),
    Asked(
        "Kim asks for Jade, over whom the register cannot tell who holds authority.",
        "INDETERMINATE",
        "AUTHORITY_UNDETERMINED",
        _ask("kim", "jade", "zeeduin/record"),
    ),
    Asked(
        "Joost of Jeugdanker, which lost its certificate, asks for Luuk.",
        "INDETERMINATE",
        "CERTIFICATE_EXPIRED",
        _ask("joost", "luuk", "zeeduin/record", organisation="jeugdanker"),
    ),
    Asked(
        "Amina asks for Zahra, of whose birth nothing is known.",
        "INDETERMINATE",
        "BIRTH_DATE_UNCERTAIN",
        _ask("amina", "zahra", "zeeduin/record"),
    ),
    Asked(
        "At the hospital that is not connected yet, Sanne sees nobody.",
        "DENY",
        "PROVIDER_NOT_LIVE",
        _ask("sanne", "lotte", "westerkade/record"),
    ),
    Asked(
        "Sanne logged in with a password alone.",
        "DENY",
        "STEP_UP_REQUIRED",
        _ask("sanne", "lotte", "zeeduin/record", assurance="BASIC"),
    ),
    Asked(
        "Somebody without any ground asks for Lotte.",
        "DENY",
        "NO_GROUND",
        _ask("karin", "lotte", "zeeduin/record"),
    ),
)

_QUERY: Final = (
    "query($question: Question!) { decision(question: $question) "
    "{ outcome reason grounds { id kind } requiredConsents validUntil } }"
)


def curl(url: str, question: dict[str, Any]) -> str:
    """The command that asks it of a server, for a POSIX shell with a token in TOKEN."""
    body = msgspec.json.encode({"query": _QUERY, "variables": {"question": question}}).decode()
    headers = "-H \"authorization: Bearer $TOKEN\" -H 'content-type: application/json'"
    return f"curl -s {url}/graphql {headers} -d {shlex.quote(body)}"

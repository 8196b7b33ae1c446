"""Why nobody holds authority (NO_AUTHORITY), or why that cannot be told (UNDETERMINED) (domain.md 7.2, 7.3)."""

from __future__ import annotations

from typing import Final, NamedTuple

from authority.parental.records import Unfit


class Because(NamedTuple):
    """A stable code, and a sentence for the person at the screen."""

    code: str
    nl: str
    en: str


_NL: Final[dict[Unfit, str]] = {
    "DECEASED": "overleden is",
    "CURATELE": "onder curatele staat",
    "MINOR": "minderjarig is",
}
_NL_BOTH: Final[dict[Unfit, str]] = {
    "DECEASED": "overleden zijn",
    "CURATELE": "onder curatele staan",
    "MINOR": "minderjarig zijn",
}
_EN: Final[dict[Unfit, str]] = {"DECEASED": "has died", "CURATELE": "is under curatele", "MINOR": "is a minor"}
_EN_BOTH: Final[dict[Unfit, str]] = {
    "DECEASED": "have died",
    "CURATELE": "are under curatele",
    "MINOR": "are minors",
}
_GRAVEST_FIRST: Final[tuple[Unfit, ...]] = ("DECEASED", "CURATELE", "MINOR")


def parent_unfit(why: Unfit) -> Because:
    """The one parent who could hold it cannot."""
    return Because(
        f"PARENT_{why}",
        f"Tijdelijk geen gezag omdat de ouder {_NL[why]}.",
        f"Nobody holds authority now because the parent {_EN[why]}.",
    )


def both_parents_unfit(one: Unfit, another: Unfit) -> Because:
    """Whichever of the two is parent 1."""
    first, second = sorted((one, another), key=_GRAVEST_FIRST.index)
    if first == second:
        return Because(
            f"BOTH_PARENTS_{first}",
            f"Tijdelijk geen gezag omdat beide ouders {_NL_BOTH[first]}.",
            f"Nobody holds authority now because both parents {_EN_BOTH[first]}.",
        )
    return Because(
        f"PARENTS_{first}_AND_{second}",
        f"Tijdelijk geen gezag omdat een ouder {_NL[first]} en de andere ouder {_NL[second]}.",
        f"Nobody holds authority now because one parent {_EN[first]} and the other {_EN[second]}.",
    )


def parent_and_partner_unfit(parent: Unfit, partner: Unfit) -> Because:
    """The parent, and whoever was the parent's partner at the birth."""
    return Because(
        f"PARENT_{parent}_PARTNER_{partner}",
        f"Tijdelijk geen gezag omdat de ouder {_NL[parent]} en de partner bij de geboorte {_NL[partner]}.",
        f"Nobody holds authority now because the parent {_EN[parent]} and the partner at the birth {_EN[partner]}.",
    )


NO_PARENTS: Final = Because(
    "NO_PARENTS",
    "Tijdelijk geen gezag omdat beide ouders onbekend zijn.",
    "Nobody holds authority now because neither parent is known.",
)
NAMED_PARENT_ABSENT: Final = Because(
    "NAMED_PARENT_ABSENT",
    "Tijdelijk geen gezag omdat de ouder die de rechter noemt niet als ouder van het kind bekend is.",
    "Nobody holds authority now because the parent whom the court names is not known as the child's parent.",
)
NOT_RESIDENT: Final = Because(
    "NOT_RESIDENT",
    "Het gezag is niet te bepalen omdat het kind niet in Nederland woont.",
    "Authority cannot be told because the child does not live in the Netherlands.",
)
LIVED_ABROAD: Final = Because(
    "LIVED_ABROAD",
    "Het gezag is niet te bepalen omdat het kind buiten Nederland heeft gewoond.",
    "Authority cannot be told because the child has lived outside the Netherlands.",
)
BORN_ABROAD: Final = Because(
    "BORN_ABROAD",
    "Het gezag is niet te bepalen omdat het kind in het buitenland is geboren.",
    "Authority cannot be told because the child was born abroad.",
)
PARENT_NOT_KNOWN: Final = Because(
    "PARENT_NOT_KNOWN",
    "Het gezag is niet te bepalen omdat een of meer ouders onbekend zijn.",
    "Authority cannot be told because one or more parents are not known.",
)
BIRTH_MOTHER_NOT_CLEAR: Final = Because(
    "BIRTH_MOTHER_NOT_CLEAR",
    "Het gezag is niet te bepalen omdat niet vaststaat welke ouder de geboortemoeder is.",
    "Authority cannot be told because it is not clear which parent is the birth mother.",
)


def data_missing(what: str) -> Because:
    """`what` in English, as `Missing` names it."""
    return Because(
        "DATA_MISSING",
        f"Het gezag is niet te bepalen omdat een gegeven ontbreekt ({what}).",
        f"Authority cannot be told because something is missing: {what}.",
    )

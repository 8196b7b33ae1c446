"""Before anything else: does Dutch law, seen through this register, tell? (domain.md 7.2, 1.1 to 1.4)"""

from __future__ import annotations

from typing import Final

from authority.parental import texts
from authority.parental.derivation import Derivation, Missing
from authority.parental.parents import NETHERLANDS, legal_parents, union_of_parents
from authority.parental.question import Answer, Ending, question
from authority.parental.ruling import restored_by_law, ruling_on

NON_RESIDENTS: Final = "1999"
_NOT_APPLICABLE: Final = Ending("NOT_APPLICABLE")


@question(
    "1.1",
    nl="Staat het kind als ingezetene in de BRP?",
    en="Is the child registered as a resident in the BRP?",
    source="Wet BRP 2.4; Haags Kinderbeschermingsverdrag 1996, 15 and 16",
)
def resident(case: Derivation) -> Answer:
    """Who lives elsewhere falls under another country's law."""
    residence = case.child.entry.residence
    if residence is None or residence.incorrect or not residence.municipality:
        raise Missing("municipality of registration")
    if residence.municipality == NON_RESIDENTS:
        return Answer("no", Ending("UNDETERMINED", because=texts.NOT_RESIDENT))
    return Answer("yes", minor_and_alive)


@question(
    "1.2",
    nl="Is het kind minderjarig en in leven?",
    en="Is the child a minor, and alive?",
    source="BW 1:233, 1:245",
)
def minor_and_alive(case: Derivation) -> Answer:
    """On the 18th birthday one is of age."""
    if case.child.adult:
        return Answer("no: of age", _NOT_APPLICABLE)
    if case.child.deceased:
        return Answer("no: deceased", _NOT_APPLICABLE)
    return Answer("yes", has_lived_abroad)


@question(
    "1.3",
    nl="Heeft het in Nederland geboren kind in het buitenland gewoond?",
    en="Has the child, born in the Netherlands, lived abroad?",
    source="Haags Kinderbeschermingsverdrag 1996, 16; brp-api-gezag issue 393",
)
def has_lived_abroad(case: Derivation) -> Answer:
    """Authority gained by the law of another country stays; none of that is to be seen here.

    Not asked, like 1.3a and 1.3b, where the parents are married to each other now: they hold it in every case.
    """
    birth_country = case.child.birth_country
    if _parents_united_now(case):
        return Answer("not asked: the parents are married or partners", ruling_present)
    if birth_country is None:
        raise Missing("country of birth")
    residence = case.child.entry.residence
    if birth_country == NETHERLANDS and residence is not None and residence.settled_in_nl_on is not None:
        return Answer("yes", Ending("UNDETERMINED", because=texts.LIVED_ABROAD))
    return Answer("no", born_abroad)


def _parents_united_now(case: Derivation) -> bool:
    try:
        return case.two_parents() and union_of_parents(case) == "NOW"
    except Missing:
        return False


@question(
    "1.3a",
    nl="Is het kind in het buitenland geboren?",
    en="Was the child born abroad?",
    source="Haags Kinderbeschermingsverdrag 1996, 16",
)
def born_abroad(case: Derivation) -> Answer:
    """As 1.3: authority may have been gained by the law of the country of birth."""
    if case.child.birth_country == NETHERLANDS:
        return Answer("no", ruling_present)
    return Answer("yes", adopted_by_dutch_deed)


@question(
    "1.3b",
    nl="Is het kind met een Nederlandse akte geadopteerd?",
    en="Has the child been adopted by a Dutch deed?",
    source="BW 1:229; BW 10:103 to 10:110",
)
def adopted_by_dutch_deed(case: Derivation) -> Answer:
    """Now or in valid history; a later deed of another kind can hide it."""
    kinds = case.child.deed_kinds()
    if "Q" in kinds:
        return Answer("yes", ruling_present)
    if "T" in kinds:
        case.flags.add("ADOPTION_DEED_OVERWRITTEN")
    return Answer("no", Ending("UNDETERMINED", because=texts.BORN_ABROAD))


@question(
    "1.4",
    nl="Is er een uitspraak over het gezag?",
    en="Is there a ruling on authority?",
    source="BW 1:244; category 11 of the BRP",
)
def ruling_present(case: Derivation) -> Answer:
    """Only today's ruling counts; an earlier one was replaced by it."""
    if ruling_on(case) is None:
        return Answer("no", legal_parents)
    return Answer("yes", restored_by_law)

"""What each rule of table 5.3 asks, in words, and the law that it rests on; for explanations (facts.md 5.3)."""

from __future__ import annotations

from typing import Final

from authority import codes
from authority.codes import AUTHORITY_OVER_MINORS
from authority.rules.ability import care_of_adult
from authority.rules.care_of_minor import care_of_minor, care_of_minor_jointly
from authority.rules.court_leave import court_leave
from authority.rules.heirs import heirs_together
from authority.rules.named_goods import administration
from authority.rules.next_of_kin import first_holder
from authority.rules.other_holders import other_holders_agree
from authority.rules.property_of_minor import property_of_minor
from authority.rules.table import Rule, permit, provider_decides, unknown_kind
from authority.rules.travel_documents import government_of_minor, government_of_minor_jointly
from authority.rules.treatment_substitute import substituted_treatment
from authority.rules.voluntary_mandate import voluntary_mandate
from authority.step import About

_CARE_OF_MINOR: Final = "BW 7:447, 7:450 lid 2, 7:456, 7:457 lid 3, 7:465"

ABOUT: Final[dict[Rule, About]] = {
    permit: About("PERMIT", "Hier staat niets in de weg.", "Nothing stands in the way here.", "facts.md 5.3"),
    provider_decides: About(
        "PROVIDER_DECIDES",
        "Hierover beslist een mens bij de aanbieder.",
        "A person at the provider decides this.",
        "BW 7:458a, 7:465; domain.md 9",
    ),
    unknown_kind: About(
        "UNKNOWN_KIND", "Dit soort grond kennen wij niet.", "This kind of ground is not known to us.", "facts.md 5.5"
    ),
    voluntary_mandate: About(
        "RULE_M",
        "Kon de machtiging worden gegeven, en geldt zij nog?",
        "Could the mandate be given, and does it still hold?",
        "BW 3:60, 3:63, 3:72, 1:453",
    ),
    care_of_minor: About(
        "RULE_K",
        "Zorg voor een minderjarige: wie beslist op deze leeftijd?",
        "Care of a minor: who decides at this age?",
        _CARE_OF_MINOR,
    ),
    care_of_minor_jointly: About(
        "RULE_K_JOINT",
        "Zorg voor een minderjarige: wie beslist op deze leeftijd, en wie beslist mee?",
        "Care of a minor: who decides at this age, and who decides with them?",
        _CARE_OF_MINOR,
    ),
    other_holders_agree: About(
        "RULE_J",
        "Stemmen de anderen met gezag in?",
        "Do the other holders of authority agree?",
        "BW 1:247, 1:253a; Paspoortwet 34",
    ),
    property_of_minor: About(
        "RULE_J1",
        "Vermogen van een minderjarige: blijkt van bezwaar van een ander met gezag?",
        "Property of a minor: is an objection of another holder apparent?",
        "BW 1:253i lid 1, 1:253k, 1:345",
    ),
    government_of_minor: About(
        "RULE_T",
        "Reisdocument of verhuizing van een minderjarige, dan toestemming van de rechter.",
        "Travel document or move of a minor, then leave of the court.",
        "Paspoortwet 34-36; BW 1:253a",
    ),
    government_of_minor_jointly: About(
        "RULE_T_JOINT",
        "Reisdocument of verhuizing van een minderjarige: stemmen de anderen met gezag in?",
        "Travel document or move of a minor: do the other holders agree?",
        "Paspoortwet 34-36; BW 1:253a, 1:253i",
    ),
    court_leave: About(
        "RULE_C",
        "Is voor deze handeling toestemming van de kantonrechter nodig, en is die er?",
        "Does this act need leave of the court, and has it been given?",
        "BW 1:345, 1:253k, 1:386, 1:441 lid 2",
    ),
    administration: About(
        "RULE_G",
        "Valt het goed onder het bewind? Dan toestemming voor de handeling.",
        "Is the good under the bewind? Then leave for the act.",
        "BW 1:431 lid 1, 1:433, 1:441 lid 2",
    ),
    care_of_adult: About(
        "RULE_A",
        "Kan de persoon dit zelf beoordelen (ter zake)?",
        "Is the person able to judge this matter?",
        "BW 7:465, 1:381 lid 4, 1:453, 1:454",
    ),
    substituted_treatment: About(
        "TREATMENT_SUBSTITUTE",
        "Is het kind jonger dan 12, of kan het dit niet zelf beoordelen?",
        "Is the child under 12, or not able to judge this matter?",
        "BW 1:265e, 1:265h",
    ),
    first_holder: About(
        "RULE_N",
        "Is dit de eerste nabestaandenmachtiging?",
        "Is this the first next-of-kin mandate?",
        "domain.md 2.7",
    ),
    heirs_together: About(
        "RULE_H",
        "Is er een executeur, en stemmen de andere erfgenamen in?",
        "Is there an executor, and do the other heirs agree?",
        "BW 3:170, 4:142, 4:144, 4:182",
    ),
}

MINORS_KINDS: Final = About(
    "BEFORE_MINORS_KINDS",
    "Is het kind minderjarig, de gezagsdrager volwassen, en spreken de registers elkaar niet tegen?",
    "Is the child a minor, the holder an adult, and do the registers not contradict each other?",
    "BW 1:233, 1:245, 1:246, 1:253r",
)
MEASURES: Final = About(
    "BEFORE_MEASURES",
    "Is de persoon volwassen, de vertegenwoordiger niet uitgesloten, en de maatregel niet vervangen?",
    "Is the person an adult, the representative not excluded, and the measure not replaced?",
    "BW 1:378, 1:431, 1:450; 1:383, 1:435 lid 6, 1:452 lid 6; 1:389, 1:449, 1:462",
)


def before(kind: str) -> About | None:
    """What goes before the kinds over minors and the measures; nothing goes before the others."""
    if kind in AUTHORITY_OVER_MINORS or kind == "TREATMENT_SUBSTITUTE":
        return MINORS_KINDS
    return MEASURES if kind in codes.MEASURES else None


ONESELF: Final = About(
    "ONESELF",
    "Mag de persoon dit zelf, gezien leeftijd en maatregelen?",
    "May the person do this themselves, given age and measures?",
    "BW 1:234, 7:447, 7:450, 1:381, 1:438, 1:453",
)
BLOCK: Final = About(
    "NOT_BLOCKED",
    "Heeft de aanbieder deze toegang niet geblokkeerd?",
    "Has the provider not blocked this access?",
    "BW 7:457 lid 3, 7:465 lid 4",
)
REPRESENTED_KNOWN: Final = About(
    "REPRESENTED_KNOWN", "Is de vertegenwoordigde bekend?", "Is the represented known?", "domain.md 1.1"
)
GROUND_FOUND: Final = About(
    "GROUND_FOUND",
    "Heeft de vrager een eigen grond, in kracht of niet?",
    "Has the asker a ground of their own, in force or not?",
    "domain.md 1.1",
)
NO_GROUND: Final = About(
    "NO_GROUND",
    "Zonder grond: kan een register iets missen dat de vrager zegt te zijn?",
    "Without a ground: may a register lack what the asker says to be?",
    "domain.md 2.9, 3, 12.4; BW 7:465 lid 3",
)

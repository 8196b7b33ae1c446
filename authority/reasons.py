"""The reason codes with their outcome, precedence, texts in Dutch and English, and source (facts.md chapter 6)."""

from __future__ import annotations

from typing import Final, NamedTuple

from authority.codes import Outcome


class Text(NamedTuple):
    """A reason in words, for the person at the screen, and where the rule comes from, for the developer."""

    nl: str
    en: str
    source: str


_PERMIT: Final = {
    "SELF": Text("U regelt dit voor uzelf.", "You act for yourself.", "facts.md 5.4"),
    "PARENTAL_AUTHORITY": Text(
        "U hebt het ouderlijk gezag over dit kind.", "You hold parental authority over this child.", "BW 1:245, 1:251"
    ),
    "SHARED_AUTHORITY": Text(
        "U hebt samen met een ander het gezag over dit kind.",
        "You hold authority over this child together with another person.",
        "BW 1:253sa, 1:253t",
    ),
    "GUARDIANSHIP": Text("U bent voogd van dit kind.", "You are this child's guardian.", "BW 1:280, 1:302"),
    "CURATELE": Text("U bent curator van deze persoon.", "You are this person's curator.", "BW 1:378, 1:381"),
    "BEWIND": Text(
        "U bent bewindvoerder van deze persoon.", "You administer this person's property.", "BW 1:431, 1:441"
    ),
    "MENTORSCHAP": Text("U bent mentor van deze persoon.", "You are this person's mentor.", "BW 1:450, 1:453"),
    "TREATMENT_SUBSTITUTE": Text(
        "De rechter heeft u toestemming gegeven voor deze behandeling.",
        "The court has given you consent for this treatment.",
        "BW 1:265e, 1:265h",
    ),
    "VOLUNTARY_MANDATE": Text(
        "Deze persoon heeft u gemachtigd voor deze dienst.",
        "This person has mandated you for this service.",
        "BW 3:60",
    ),
    "NEXT_OF_KIN_MANDATE": Text(
        "U hebt de nabestaandenmachtiging.", "You hold the next-of-kin mandate.", "domain.md 2.7"
    ),
    "EXECUTOR": Text("U bent executeur van de nalatenschap.", "You are the executor of the estate.", "BW 4:142, 4:144"),
    "HEIR": Text(
        "U bent erfgenaam en de andere erfgenamen stemmen in.",
        "You are an heir and the other heirs agree.",
        "BW 4:182, 3:170",
    ),
    "RECORD_AFTER_DEATH": Text(
        "De zorgaanbieder geeft u inzage in het dossier van de overledene.",
        "The care provider lets you see the record of the deceased.",
        "BW 7:458a",
    ),
}
_CONSENT_REQUIRED: Final = {
    "CHILD_MUST_CONSENT": Text(
        "Het kind moet zelf ook toestemming geven.", "The child itself must consent too.", "BW 7:450 lid 2"
    ),
    "OBJECTION_BY_OTHER_HOLDER": Text(
        "Een ander die hierover meebeslist, heeft bezwaar.",
        "Someone else who shares the authority objects.",
        "BW 1:253a, 1:253i",
    ),
    "OTHER_HOLDER_MUST_CONSENT": Text(
        "De ander met gezag of dezelfde taak moet ook toestemming geven.",
        "The other holder of authority must consent too.",
        "BW 1:247, 1:253i, 7:465",
    ),
    "REPRESENTED_OR_COURT_MUST_CONSENT": Text(
        "Hiervoor is toestemming van de kantonrechter of, bij bewind, van de persoon zelf nodig.",
        "This needs leave of the court or, under bewind, consent of the person.",
        "BW 1:345, 1:386, 1:441 lid 2",
    ),
    "HOLDERS_MUST_CONSENT": Text(
        "Wie het gezag over u heeft, moet toestemming geven.",
        "Those who hold authority over you must consent.",
        "BW 1:234, 7:450 lid 2",
    ),
    "ADMINISTRATOR_MUST_CONSENT": Text(
        "Uw bewindvoerder moet toestemming geven.", "Your administrator must consent.", "BW 1:438"
    ),
    "OTHER_HEIRS_MUST_CONSENT": Text(
        "De andere erfgenamen moeten ook toestemming geven.", "The other heirs must consent too.", "BW 3:170, 4:182"
    ),
}
_INDETERMINATE: Final = {
    "LEDGER_BEHIND": Text(
        "De gegevens zijn op dit moment niet actueel genoeg. Probeer het later opnieuw.",
        "The data are not recent enough at this moment. Try again later.",
        "DESIGN.md 5",
    ),
    "BIRTH_DATE_UNCERTAIN": Text(
        "De geboortedatum is niet volledig bekend en maakt hier verschil.",
        "The date of birth is not fully known and makes a difference here.",
        "facts.md 5",
    ),
    "UNDER_INVESTIGATION": Text(
        "Een gegeven dat hiervoor nodig is, wordt onderzocht.",
        "A fact that this rests on is under investigation.",
        "domain.md 7.1; Wet BRP 2.26",
    ),
    "REGISTER_STALE": Text(
        "Een register dat hiervoor nodig is, heeft te lang niets laten horen.",
        "A register that this needs has been silent for too long.",
        "domain.md 7.6",
    ),
    "AUTHORITY_UNDETERMINED": Text(
        "Uit de registers blijkt niet wie het gezag heeft.",
        "The registers do not show who holds authority.",
        "domain.md 7 (N)",
    ),
    "SOURCES_DISAGREE": Text(
        "De registers spreken elkaar tegen over het gezag.",
        "The registers contradict each other about the authority.",
        "domain.md 7.6",
    ),
    "OTHER_HOLDER_UNKNOWN": Text(
        "Niet bekend is wie er nog meer over moet beslissen.",
        "It is not known who else must decide.",
        "domain.md 2.3, 7.5",
    ),
    "CHILD_CONSENT_UNKNOWN": Text(
        "Voor inzage bij een kind van 12 tot en met 15 jaar is de toestemming van het kind nodig.",
        "To see the record of a child aged 12 to 15, the child's own consent is needed.",
        "BW 7:450, 7:457; domain.md 4.2",
    ),
    "ABILITY_UNKNOWN": Text(
        "Niet vastgelegd is of deze persoon er zelf over kan beslissen.",
        "It is not recorded whether the person is able to decide this.",
        "BW 7:465, 1:453",
    ),
    "GOODS_UNKNOWN": Text(
        "Het bewind geldt voor bepaalde goederen; niet blijkt dat dit er een van is.",
        "The bewind covers named goods; it is not shown that this is one of them.",
        "BW 1:431",
    ),
    "CERTIFICATE_EXPIRED": Text(
        "Het certificaat van de instelling is niet (meer) geldig.",
        "The institution's certificate is not, or no longer, valid.",
        "Jeugdwet 3.4",
    ),
    "CLAIM_NOT_IN_REGISTER": Text(
        "Wat u zegt te zijn, staat niet in een register dat wij kennen. Ga naar de balie.",
        "What you say to be is in no register known to us. Please go to the counter.",
        "domain.md 3, 12.4",
    ),
    "PROVIDER_MUST_DECIDE": Text(
        "Hierover beslist de zorgaanbieder of instelling zelf. Neem contact op.",
        "The provider decides this itself. Please get in touch.",
        "BW 7:458a, 7:465",
    ),
}
_DENY: Final = {
    "SERVICE_NOT_OFFERED": Text(
        "Deze dienst is hier niet bekend.", "This service is not offered here.", "facts.md 5.1.1"
    ),
    "PROVIDER_NOT_LIVE": Text(
        "Deze aanbieder is nog niet of niet meer aangesloten.",
        "This provider is not connected, or no longer.",
        "facts.md 5.1.1",
    ),
    "REPRESENTATIVE_DECEASED": Text(
        "De vertegenwoordiger is overleden.", "The representative is deceased.", "BW 3:72; domain.md 1.6"
    ),
    "REPRESENTATIVE_INCAPABLE": Text(
        "De vertegenwoordiger staat onder curatele.", "The representative is under curatele.", "BW 1:381"
    ),
    "BLOCKED": Text(
        "De aanbieder heeft deze toegang geblokkeerd.", "The provider has blocked this access.", "BW 7:457 lid 3, 7:465"
    ),
    "STEP_UP_REQUIRED": Text(
        "Log in op een hoger betrouwbaarheidsniveau.", "Log in at a higher level of assurance.", "eIDAS art. 8"
    ),
    "REPRESENTED_DECIDES_ALONE": Text(
        "Deze persoon beslist hier zelf over.", "This person decides this alone.", "BW 7:447, 1:453, 1:381 lid 4"
    ),
    "CHANNEL_EXCLUDES": Text(
        "Via dit kanaal kan dit niet voor 12 tot en met 15 jaar.",
        "This channel does not serve ages 12 to 15.",
        "MedMij; domain.md 4.2",
    ),
    "AUTHORITY_VACANT": Text(
        "Op dit moment heeft niemand het gezag.", "At this moment nobody holds authority.", "domain.md 7 (G)"
    ),
    "REPRESENTED_IS_ADULT": Text("Deze persoon is 18 jaar of ouder.", "This person is 18 or over.", "BW 1:233, 1:245"),
    "REPRESENTED_DECEASED": Text("Deze persoon is overleden.", "This person is deceased.", "domain.md 1.6, 2.7"),
    "REPRESENTATIVE_EXCLUDED": Text(
        "U kunt deze taak nu niet uitvoeren.",
        "You cannot carry out this task at present.",
        "BW 1:383, 1:435 lid 6, 1:452 lid 6",
    ),
    "REPRESENTATIVE_TOO_YOUNG": Text("U bent hiervoor te jong.", "You are too young for this.", "BW 1:246; MedMij"),
    "GRANTOR_NOT_ABLE": Text(
        "Deze persoon kon deze machtiging niet geven.",
        "This person was not able to give this mandate.",
        "BW 3:63, 1:381; domain.md 2.1",
    ),
    "LAPSED_BY_MEASURE": Text(
        "Dit is vervallen door een maatregel van de rechter.",
        "This has lapsed by a measure of the court.",
        "BW 3:72, 1:389, 1:449, 1:462",
    ),
    "SECOND_HOLDER": Text(
        "Iemand anders heeft de nabestaandenmachtiging al.",
        "Somebody else holds the next-of-kin mandate already.",
        "domain.md 2.7",
    ),
    "WITHDRAWN": Text("De machtiging is ingetrokken.", "The mandate has been withdrawn.", "BW 3:72"),
    "EXPIRED": Text("De bevoegdheid is geëindigd.", "The authority has ended.", "facts.md 5.2.1"),
    "NOT_YET_VALID": Text("De bevoegdheid geldt nog niet.", "The authority is not yet valid.", "facts.md 5.2.1"),
    "NOT_ACTIVE": Text("De machtiging is nog niet geactiveerd.", "The mandate has not been activated.", "domain.md 5"),
    "EMPLOYEE_NOT_AUTHORISED": Text(
        "Uw organisatie heeft u niet gemachtigd voor deze dienst.",
        "Your organisation has not authorised you for this service.",
        "domain.md 2.8 (eHerkenning)",
    ),
    "NOT_EMPLOYED": Text(
        "U bent niet bekend als medewerker van deze organisatie.",
        "You are not known as an employee of this organisation.",
        "domain.md 2.8 (eHerkenning)",
    ),
    "ORGANISATION_NOT_REGISTERED": Text(
        "De organisatie staat niet in het handelsregister.",
        "The organisation is not in the trade register.",
        "Handelsregisterwet 2007",
    ),
    "NOT_IN_SCOPE": Text(
        "Uw bevoegdheid geldt niet voor deze dienst.", "Your authority does not cover this service.", "facts.md 5.3"
    ),
    "SELF_NOT_ABLE": Text("U kunt dit niet zelf regelen.", "You cannot do this yourself.", "BW 1:234, 1:381, 1:438"),
    "NO_GROUND": Text(
        "Niet gebleken is dat u dit voor deze persoon mag doen.",
        "It has not been shown that you may do this for this person.",
        "domain.md 1.1",
    ),
}

_BY_OUTCOME: Final[dict[Outcome, dict[str, Text]]] = {
    "PERMIT": _PERMIT,
    "CONSENT_REQUIRED": _CONSENT_REQUIRED,
    "INDETERMINATE": _INDETERMINATE,
    "DENY": _DENY,
}

TEXTS: Final[dict[str, Text]] = {code: text for texts in _BY_OUTCOME.values() for code, text in texts.items()}
"""By code, in the order of facts.md chapter 6."""
OUTCOME_OF: Final[dict[str, Outcome]] = {code: outcome for outcome, texts in _BY_OUTCOME.items() for code in texts}
RANK: Final[dict[str, int]] = {code: rank for rank, code in enumerate(TEXTS)}
"""Precedence: outcomes from best to worst, and within each the order of chapter 6. The least rank wins."""

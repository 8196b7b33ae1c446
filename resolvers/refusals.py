"""Why a mutation of the mandate desk does nothing: one stable code each, with its text for the person at the screen."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """In Dutch (level B1) and in English."""

    nl: str
    en: str


TEXTS: Final = {
    # who asks
    "UNAUTHENTICATED": Words("Log eerst in.", "Log in first."),
    "FORBIDDEN": Words("U mag dit niet doen.", "You may not do this."),
    "STEP_UP_REQUIRED": Words(
        "Log in op een hoger niveau. Deze dienst vraagt dat.", "Log in at a higher level: this service asks for it."
    ),
    "NOT_CONFIGURED": Words("Dit kan hier niet.", "This service does not offer that."),
    "TOO_MANY_ATTEMPTS": Words(
        "Er is te vaak een verkeerde code ingevuld. Probeer het later opnieuw.",
        "A wrong code was entered too often. Try again later.",
    ),
    "TOO_MANY_REQUESTS": Words("U deed dit te vaak. Probeer het later opnieuw.", "Too often. Try again later."),
    # the service and the period
    "SERVICE_NOT_OFFERED": Words("Deze dienst bestaat niet.", "There is no such service."),
    "PROVIDER_NOT_LIVE": Words("Deze aanbieder doet nog niet mee.", "This provider does not take part yet."),
    "MANDATE_ROUTE_REQUIRED": Words(
        "Deze aanbieder kan nog niet met machtigingen werken.", "This provider cannot take mandates yet."
    ),
    "NOT_MANDATABLE": Words("Voor deze dienst kan niemand u machtigen.", "No mandate can be given for this service."),
    "WRONG_PERIOD": Words("Deze periode kan niet.", "This period is not possible."),
    "PERIOD_TOO_LONG": Words("Deze periode is te lang.", "This period is too long."),
    # the two sides
    "OWN_MANDATE": Words("Niemand machtigt zichzelf.", "Nobody mandates themselves."),
    "REPRESENTATIVE_UNKNOWN": Words("De gemachtigde is niet bekend.", "The representative is not known."),
    "REPRESENTATIVE_DECEASED": Words("De gemachtigde is overleden.", "The representative has died."),
    "REPRESENTATIVE_TOO_YOUNG": Words(
        "De gemachtigde is te jong voor deze dienst.", "The representative is too young for this service."
    ),
    "REPRESENTATIVE_INCAPABLE": Words("De gemachtigde staat onder curatele.", "The representative is under curatele."),
    "REPRESENTED_UNKNOWN": Words("Deze persoon is niet bekend.", "This person is not known."),
    "REPRESENTED_DECEASED": Words("Deze persoon is overleden.", "This person has died."),
    "REPRESENTED_TOO_YOUNG": Words("Machtigen kan vanaf 18 jaar.", "One can give a mandate from 18 years on."),
    "REPRESENTED_NOT_ABLE": Words(
        "Wie onder curatele of bewind staat, kan niemand machtigen. Met een mentor kan het niet voor zorg.",
        "Nobody under curatele or bewind can give a mandate; with a mentor, none for care.",
    ),
    "BIRTH_DATE_UNCERTAIN": Words(
        "De geboortedatum is niet zeker. Ga naar de balie van uw gemeente.",
        "The birth date is not certain. Go to your municipality's counter.",
    ),
    "UNDER_INVESTIGATION": Words(
        "Het register onderzoekt deze gegevens. Probeer het later opnieuw.",
        "The register is investigating these data. Try again later.",
    ),
    "ORGANISATION_NOT_REGISTERED": Words(
        "Deze organisatie staat niet in het handelsregister.", "This organisation is not in the trade register."
    ),
    "NOT_EMPLOYED": Words("U werkt niet voor deze organisatie.", "You do not work for this organisation."),
    "EMPLOYEE_NOT_AUTHORISED": Words(
        "Uw organisatie geeft u deze dienst niet.", "Your organisation does not authorise you for this service."
    ),
    # the code and the mandate
    "WRONG_CODE": Words(
        "Deze code hoort niet bij deze persoon. Kijk of u alles goed hebt overgenomen.",
        "This code does not belong to this person. See whether all is copied well.",
    ),
    "CODE_EXPIRED": Words("Deze code is niet meer geldig. Vraag een nieuwe.", "This code has expired. Ask another."),
    "CODE_USED": Words("Deze code is al gebruikt.", "This code has been used."),
    "NOT_POSSIBLE": Words(
        "Deze machtiging kan niet. Ga samen naar een balie.",
        "This mandate is not possible. Go to a counter together.",
    ),
    "MANDATE_UNKNOWN": Words("U hebt geen machtiging met dit nummer.", "You have no mandate with this id."),
    "NOT_ACTIVE": Words("Deze machtiging geldt niet meer. Vraag een nieuwe.", "This mandate has ended. Ask another."),
    "LAPSED_BY_LAW": Words(
        "Deze machtiging is door de wet gestopt. Vraag een nieuwe.", "The law has ended this mandate. Ask another."
    ),
    # consents and blocks
    "CONSENT_UNKNOWN": Words("Er is geen toestemming met dit nummer.", "There is no consent with this id."),
    "CONSENT_ENDED": Words("Deze toestemming is al gebruikt of gestopt.", "This consent was used or has ended."),
    "NOTHING_TO_CONSENT_TO": Words("Uw toestemming is hiervoor niet nodig.", "Your consent is not needed for this."),
    "CHILD_TOO_YOUNG": Words("Toestemming geven kan vanaf 12 jaar.", "One can give consent from 12 years on."),
    "PROVIDER_REQUIRED": Words("Noem de aanbieder.", "Name the provider."),
    "ACT_REQUIRED": Words("Noem de handeling.", "Name the act."),
    "BLOCK_UNKNOWN": Words("Er is geen blokkade met dit nummer.", "There is no block with this id."),
    "EVIDENCE_REQUIRED": Words("Noem wat u hebt gezien.", "Say what you have seen."),
}


class Refused(Exception):
    """Nothing was done. `field`: which of the input is the matter, in snake case; "": none of it."""

    def __init__(self, code: str, field: str = "") -> None:
        assert code in TEXTS, code
        self.code, self.field = code, field
        super().__init__(code)

"""What letters and e-mails say: in Dutch that everybody reads (level B1), and in English.

No name and no number of anybody. An e-mail says that there is something to look at, and nothing that a reader over the
shoulder should not see: neither the provider nor the service, and never a code or a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

from authority.moments import local_day
from graph.desk.outbox import Message

Language = Literal["nl", "en"]
_MONTHS: Final = {
    "nl": ("januari februari maart april mei juni juli", "augustus september oktober november december"),
    "en": ("January February March April May June July", "August September October November December"),
}


class Text(NamedTuple):
    """A subject and paragraphs."""

    subject: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The paragraphs with a blank line between them."""
        return "\n\n".join(self.paragraphs)


class Names(msgspec.Struct, frozen=True):
    """What a reader calls services and providers, by id; where a register gives no name, the id."""

    services: Mapping[str, str]


def letter_of(message: Message, names: Names, code: str | None) -> dict[Language, Text]:
    """In both languages, since nobody has told which one the reader prefers. `code`: of CODE only."""
    assert (code is not None) == (message.kind == "CODE")
    return {language: _letter(message, names, code, language) for language in ("nl", "en")}


def mail_of(message: Message, language: Language) -> Text:
    """The same for every change: look at it there."""
    assert message.kind != "CODE", "a code goes by letter"
    return _MAIL[language]


def day_of(instant: int, language: Language) -> str:
    """`5 maart 2027`, in the Netherlands."""
    day = date.fromordinal(local_day(instant))
    return f"{day.day} {' '.join(_MONTHS[language]).split()[day.month - 1]} {day.year}"


def _letter(message: Message, names: Names, code: str | None, language: Language) -> Text:
    subject, first = _OPENINGS[language][message.kind, message.about.side]
    lines = [first, *_facts(message, names, language)]
    if code is not None:
        assert message.about.until is not None
        until = day_of(message.about.until, language)
        lines += [line.format(code=code, until=until) for line in _CODE[language]]
    lines += _CLOSINGS[language][message.kind]
    return Text(subject, (_GREETING[language], *lines))


def _facts(message: Message, names: Names, language: Language) -> Sequence[str]:
    about = message.about
    what = "; ".join(names.services.get(service, service) for service in about.services)
    start = day_of(about.valid_from, language)
    if language == "nl":
        until = f" tot {day_of(about.valid_until, language)}" if about.valid_until is not None else ""
        return [f"Waarvoor: {what}.", f"Wanneer: vanaf {start}{until}."]
    until = f" until {day_of(about.valid_until, language)}" if about.valid_until is not None else ""
    return [f"For what: {what}.", f"When: from {start}{until}."]


_GREETING: Final[dict[Language, str]] = {"nl": "Beste lezer,", "en": "Dear reader,"}
_OPENINGS: Final[dict[Language, dict[tuple[str, str], tuple[str, str]]]] = {
    "nl": {
        ("CODE", "REPRESENTED"): (
            "Iemand wil u helpen",
            "Iemand vraagt of hij of zij iets voor u mag regelen. U beslist of dat mag.",
        ),
        ("REQUESTED", "REPRESENTED"): (
            "U vroeg een machtigingscode",
            "U hebt een code gevraagd om iemand te machtigen. Was u dat niet? Log in en stop de aanvraag.",
        ),
        ("GIVEN", "REPRESENTED"): ("Uw machtiging is ingegaan", "Iemand mag nu iets voor u regelen."),
        ("GIVEN", "REPRESENTATIVE"): ("U bent gemachtigd", "U mag nu iets voor iemand regelen."),
        ("RENEWED", "REPRESENTED"): ("Uw machtiging is verlengd", "Iemand mag langer iets voor u regelen."),
        ("RENEWED", "REPRESENTATIVE"): ("Uw machtiging is verlengd", "U mag langer iets voor iemand regelen."),
        ("WITHDRAWN", "REPRESENTED"): (
            "Uw machtiging is gestopt",
            "Iemand mag iets niet meer voor u regelen. De machtiging is gestopt.",
        ),
        ("WITHDRAWN", "REPRESENTATIVE"): (
            "Uw machtiging is gestopt",
            "U mag iets niet meer voor iemand regelen. De machtiging is gestopt.",
        ),
    },
    "en": {
        ("CODE", "REPRESENTED"): (
            "Somebody wants to help you",
            "Somebody asks whether they may arrange something for you. You decide whether they may.",
        ),
        ("REQUESTED", "REPRESENTED"): (
            "You asked for an activation code",
            "You asked for a code to let somebody act for you. Was it not you? Log in and stop the request.",
        ),
        ("GIVEN", "REPRESENTED"): ("Your mandate has begun", "Somebody may now arrange something for you."),
        ("GIVEN", "REPRESENTATIVE"): ("You have a mandate", "You may now arrange something for somebody."),
        ("RENEWED", "REPRESENTED"): (
            "Your mandate has been extended",
            "Somebody may arrange something for you for longer.",
        ),
        ("RENEWED", "REPRESENTATIVE"): (
            "Your mandate has been extended",
            "You may arrange something for somebody for longer.",
        ),
        ("WITHDRAWN", "REPRESENTED"): (
            "Your mandate has ended",
            "Somebody may no longer arrange something for you. The mandate has ended.",
        ),
        ("WITHDRAWN", "REPRESENTATIVE"): (
            "Your mandate has ended",
            "You may no longer arrange something for somebody. The mandate has ended.",
        ),
    },
}
_CODE: Final[dict[Language, Sequence[str]]] = {
    "nl": (
        "Uw code is {code}.",
        "Vindt u het goed? Geef de code dan aan de persoon die u wilt helpen. De code werkt één keer, tot {until}.",
        "Vindt u het niet goed, of weet u niet wie dit vraagt? Doe dan niets en geef de code aan niemand.",
    ),
    "en": (
        "Your code is {code}.",
        "Do you agree? Then give the code to the person who wants to help you. It works once, until {until}.",
        "Do you not agree, or do you not know who asks? Then do nothing, and give the code to nobody.",
    ),
}
_STOP_NL: Final = "U kunt dit altijd stoppen. Log in, of ga naar een balie en neem een geldig identiteitsbewijs mee."
_STOP_EN: Final = "You can end this at any time. Log in, or go to a counter and bring a valid identity document."
_CLOSINGS: Final[dict[Language, dict[str, Sequence[str]]]] = {
    "nl": {
        "CODE": ("Wij vragen u nooit om deze code, ook niet aan de telefoon.",),
        "REQUESTED": ("De code staat niet in deze brief. U zag hem op uw scherm.",),
        "GIVEN": (_STOP_NL,),
        "RENEWED": (_STOP_NL,),
        "WITHDRAWN": ("Wilt u het toch weer? Dan is een nieuwe machtiging nodig.",),
    },
    "en": {
        "CODE": ("We never ask you for this code, not on the telephone either.",),
        "REQUESTED": ("The code is not in this letter. You saw it on your screen.",),
        "GIVEN": (_STOP_EN,),
        "RENEWED": (_STOP_EN,),
        "WITHDRAWN": ("Do you want it again after all? Then a new mandate is needed.",),
    },
}
_MAIL: Final[dict[Language, Text]] = {
    "nl": Text(
        "Er is iets veranderd in uw machtigingen",
        (
            "Beste lezer,",
            "Er is iets veranderd in uw machtigingen. Log in om te zien wat. Daar kunt u een machtiging ook stoppen.",
            "Wij sturen u nooit een code per e-mail, en ook geen link.",
            "Vraagt iemand u om een code? Geef die alleen aan wie u zelf wilt machtigen.",
        ),
    ),
    "en": Text(
        "Something has changed in your mandates",
        (
            "Dear reader,",
            "Something has changed in your mandates. Log in to see what. There you can also end a mandate.",
            "We never send you a code by e-mail, nor a link.",
            "Does somebody ask you for a code? Give it only to whom you yourself want to act for you.",
        ),
    ),
}

"""The fields of every type of fact, and of the question, in the order of facts.md, each with what it may hold.

`graph.intake` takes the fast way over whole records; this table says in words what is wrong once something is, and
gives canonical lines their order and their texts of time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_args

from authority.codes import (
    Act,
    Assurance,
    AuthorityKind,
    AuthorityStatus,
    BlockReason,
    CareDomain,
    Channel,
    Claim,
    Domain,
    Exercise,
    FactType,
    Ground,
    Matter,
    OrganisationKind,
    ProviderStatus,
    Route,
    Sector,
    Served,
)
from authority.moments import day, duration, instant, instant_text, moment, moment_text
from graph.errors import Problem

RESERVED_PREFIX: Final = "bsn:"
"""A citizen service number is accepted at the HTTP edge only, never in a facts file (DESIGN.md chapter 3)."""
LAST_DURATION: Final = 3_652_059 * 86_400_000_000
"""The calendar's 9,999 years, in microseconds; a longer silence or delay cannot be told from an endless one."""

_ID: Final = re.compile(r"[A-Za-z0-9._:/-]{1,128}", re.ASCII)
_PARTIAL_DATE: Final = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])", re.ASCII)


def is_id(value: str) -> bool:
    """1 to 128 of the allowed characters, and not reserved."""
    return _ID.fullmatch(value) is not None and not value.startswith(RESERVED_PREFIX)


def is_encodable(text: str) -> bool:
    """Whether it can be written as UTF-8: half of a surrogate pair, which JSON can escape, is no character."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=131_072)
def partial_date(text: str) -> str:
    """A birth date whose parts may be 00, as it is. Raises ValueError for what is in no calendar."""
    if _PARTIAL_DATE.fullmatch(text) is None:
        raise ValueError("a birth date is YYYY-MM-DD")
    year, month, day_of_month = int(text[:4]), int(text[5:7]), int(text[8:])
    if month and day_of_month:
        date(year or 2000, month, day_of_month)  # an unknown year may have been a leap year
    return text


def bounded_duration(text: str) -> int:
    """Microseconds. Raises ValueError, also for what is longer than the calendar."""
    microseconds = duration(text)
    if microseconds > LAST_DURATION:
        raise ValueError("a duration is at most the calendar's length")
    return microseconds


def duration_text(microseconds: int) -> str:
    """The canonical form: days, hours, minutes, seconds, without those that are zero; `PT0S` for none."""
    minutes, seconds = divmod(microseconds // 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{days}D{'T' if time else ''}{time}" if days else f"PT{time or '0S'}"


class Shape(NamedTuple):
    """What a value must be, in words.

    `read` gives what the record holds and raises ValueError or TypeError; `write` gives the text back, for those that
    are no text in the record.
    """

    expected: str
    read: Callable[[Any], object]
    write: Callable[[Any], str] | None = None


def _text(value: object) -> str:
    if not isinstance(value, str) or not is_encodable(value):
        raise ValueError
    return value


def _full_text(value: object) -> str:
    if not _text(value):
        raise ValueError
    return str(value)


def _id(value: object) -> str:
    if not isinstance(value, str) or not is_id(value):
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def words(allowed: tuple[str, ...]) -> Shape:
    """One of these."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError
        return value

    return Shape(f"one of {', '.join(allowed)}", read)


ID: Final = Shape("an id: 1 to 128 of A-Z a-z 0-9 . _ : / -", _id)
TEXT: Final = Shape("a text", _text)
GOOD: Final = Shape("a text that is not empty", _full_text)
FLAG: Final = Shape("true or false", _flag)
BIRTH_DATE: Final = Shape("a date YYYY-MM-DD whose unknown parts are 00", partial_date)
DATE: Final = Shape("a date YYYY-MM-DD", day, moment_text)
INSTANT: Final = Shape("an instant with offset, such as 2026-01-01T09:00:00+01:00", instant, instant_text)
MOMENT: Final = Shape("a date YYYY-MM-DD or an instant with offset", moment, moment_text)
DURATION: Final = Shape("a duration such as P92D or PT5M", bounded_duration, duration_text)
READ_TEXTS: Final = (BIRTH_DATE, DATE, INSTANT, MOMENT, DURATION)
"""Those whose text is read: it says more than that it is a text."""


class Field(NamedTuple):
    """One field. `many`: a list of such values; `least` how many at the fewest; `unique`: none of them twice."""

    name: str
    shape: Shape
    required: bool = False
    nullable: bool = False
    many: bool = False
    least: int = 0
    unique: bool = False

    @property
    def expected(self) -> str:
        """In words, for whoever has to mend the line."""
        words = self.shape.expected
        if self.many:
            words = f"a list {'with at least one' if self.least else 'of'}: {words}"
        return f"{words}, or null" if self.nullable else words

    def problems(self, value: object) -> Iterator[Problem]:
        """What is wrong with this value."""
        if value is None and self.nullable:
            return
        if not self.many:
            yield from self._problems_of_one(value, self.name)
        elif not isinstance(value, (list, tuple)) or len(value) < self.least:
            yield Problem("WRONG_VALUE", field=self.name, found=shown(value), expected=self.expected)
        else:
            wrong = [p for n, item in enumerate(value) for p in self._problems_of_one(item, f"{self.name}[{n}]")]
            yield from wrong
            if self.unique and not wrong:
                yield from self._repeated(value)

    def _problems_of_one(self, value: object, name: str) -> Iterator[Problem]:
        if self.shape is ID and isinstance(value, str) and value.startswith(RESERVED_PREFIX):
            expected = f"an id that does not begin with {RESERVED_PREFIX}, which is reserved"
            yield Problem("RESERVED_ID", field=name, found=shown(value), expected=expected)
            return
        try:
            self.shape.read(value)
        except (ValueError, TypeError):
            expected = self.shape.expected if self.many else self.expected
            yield Problem("WRONG_VALUE", field=name, found=shown(value), expected=expected)

    def _repeated(self, value: list[str] | tuple[str, ...]) -> Iterator[Problem]:
        seen: set[str] = set()
        for n, item in enumerate(value):
            if item in seen:
                yield Problem("WRONG_VALUE", field=f"{self.name}[{n}]", found=shown(item), expected="each value once")
            seen.add(item)


def shown(value: object) -> str:
    """A value as an error message repeats it: short, on one line, without control characters."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value}" if abs(value) < 10**15 else "a number"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if not isinstance(value, str):
        return "an object" if isinstance(value, dict) else f"a {type(value).__name__}"
    if value.startswith(RESERVED_PREFIX):
        return f'"{RESERVED_PREFIX}…"'  # the number behind it is never repeated, not even in an error
    short = value if len(value) <= 60 else f"{value[:57]}…"
    return f'"{short}"' if short.isprintable() else ascii(short).replace("'", '"')


def _required(name: str, shape: Shape) -> Field:
    return Field(name, shape, required=True)


def _nullable(name: str, shape: Shape) -> Field:
    return Field(name, shape, nullable=True)


def _list(name: str, shape: Shape, *, unique: bool = True) -> Field:
    return Field(name, shape, nullable=True, many=True, least=1, unique=unique)


_VERSION: Final = (
    Field("register", ID),
    Field("recorded_at", INSTANT),
    Field("retracted", FLAG),
    Field("under_investigation", FLAG),
)
_INTERVAL: Final = (_nullable("valid_from", MOMENT), _nullable("valid_until", MOMENT))
_NAME: Final = _nullable("name", TEXT)
_DOMAIN: Final = words(get_args(Domain))
_ASSURANCE: Final = words(get_args(Assurance))
_ACTS: Final = words(get_args(Act))

_OWN_FIELDS: Final[dict[FactType, tuple[Field, ...]]] = {
    "person": (_required("born", BIRTH_DATE), _nullable("died", MOMENT), _NAME),
    "organisation": (
        _required("kind", words(get_args(OrganisationKind))),
        Field("registered", FLAG),
        _nullable("certified_until", DATE),
        _NAME,
    ),
    "employment": (_required("employee", ID), _required("organisation", ID), _list("services", ID), *_INTERVAL),
    "provider": (
        _required("sector", words(get_args(Sector))),
        _required("status", words(get_args(ProviderStatus))),
        _nullable("route", words(get_args(Route))),
        _nullable("supplier", TEXT),
        _nullable("live_from", MOMENT),
        _NAME,
    ),
    "service": (
        _required("provider", ID),
        _required("domain", _DOMAIN),
        _required("minimum_assurance", _ASSURANCE),
        Field("channel", words(get_args(Channel))),
        Field("routine", FLAG),
        Field("mandatable", FLAG),
        _NAME,
        Field("matter", words(get_args(Matter))),
    ),
    "authority": (
        _required("kind", words(get_args(AuthorityKind))),
        Field("representative", ID, required=True, nullable=True),
        _required("represented", ID),
        _list("services", ID),
        _list("providers", ID),
        _list("domains", _DOMAIN),
        _list("goods", GOOD, unique=False),
        Field("exercise", words(get_args(Exercise))),
        _nullable("ground", words(get_args(Ground))),
        Field("candidates", ID, many=True),
        Field("status", words(get_args(AuthorityStatus))),
        *_INTERVAL,
    ),
    "consent": (
        _required("from", ID),
        _required("representative", ID),
        _required("represented", ID),
        _nullable("provider", ID),
        _nullable("domain", _DOMAIN),
        _nullable("act", _ACTS),
        Field("given", FLAG),
        *_INTERVAL,
    ),
    "ability": (
        _required("person", ID),
        _nullable("provider", ID),
        _nullable("domain", words(get_args(CareDomain))),
        _required("able", FLAG),
        *_INTERVAL,
    ),
    "block": (
        _required("provider", ID),
        _required("represented", ID),
        _nullable("representative", ID),
        _required("reason", words(get_args(BlockReason))),
        *_INTERVAL,
    ),
    "register": (
        Field("serves", words(get_args(Served)), many=True, unique=True),
        Field("complete", FLAG),
        _nullable("heard_from", INSTANT),
        _nullable("max_silence", DURATION),
        _nullable("delay", DURATION),
        _NAME,
    ),
}

FACT_TYPE: Final = Field("fact", words(get_args(FactType)), required=True)
FACT_FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    name: (FACT_TYPE, _required("id", ID), *_VERSION, *own) for name, own in _OWN_FIELDS.items()
}
"""facts.md chapters 1 and 2."""

QUESTION_FIELDS: Final = (
    _nullable("id", TEXT),
    _required("representative", ID),
    _required("represented", ID),
    _required("provider", ID),
    _required("service", ID),
    _required("assurance", _ASSURANCE),
    _nullable("at", INSTANT),
    _nullable("known_at", INSTANT),
    _nullable("organisation", ID),
    Field("act", _ACTS),
    _nullable("good", TEXT),
    _nullable("claim", words(get_args(Claim))),
)
"""facts.md chapter 4."""


def problems_in(data: dict[str, Any], fields: tuple[Field, ...]) -> Iterator[Problem]:
    """What is wrong with each field by itself: those stated, then those missing, then those that nobody knows."""
    for field in fields:
        if field.name in data:
            yield from field.problems(data[field.name])
        elif field.required:
            yield Problem("MISSING_FIELD", field=field.name, found="nothing", expected=field.expected)
    known = [field.name for field in fields]
    for name in data:
        if name not in known:
            expected = f"one of {', '.join(known)}"
            yield Problem("UNKNOWN_FIELD", field=shown(name).strip('"'), found="an unknown field", expected=expected)

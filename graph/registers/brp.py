"""The population register (BRP), asked by the published contract of *BRP Personen bevragen* 2.7 with its `gezag`.

Source of the contract: BRP-API/Haal-Centraal-BRP-bevragen, `specificatie/resolved/openapi.json` (RvIG, EUPL-1.2); the
tests hold every exchange against that document. There is no feed of changes: the people to follow are asked about in
rounds, twenty at a time. Whom to follow is a list of numbers that the operator keeps; here a number becomes an id
before anything is stored, and the watermark is a place in the list, never a number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Final, Literal

import httpx
import msgspec

from authority.facts import Authority
from authority.moments import local_day, start_of_day
from graph.intake import line_of
from graph.ledger import Ledger
from graph.pseudonyms import NotABsn, Pseudonyms
from graph.registers.brp_facts import authority_fact, curatele_fact, earliest, ended_fact, stated_again
from graph.registers.connector import Page, Refused, Row, SourceFailed
from graph.registers.identities import identified
from graph.registers.known import KnownPerson, folded
from graph.registers.parts import Common, Parts
from graph.registers.standing import around

PEOPLE_A_PAGE: Final = 20
"""As many as one request may name."""
FIELDS: Final = (
    "burgerservicenummer",
    "naam.volledigeNaam",
    "naam.geslachtsnaam",
    "naam.voorvoegsel",
    "geboorte.datum",
    "overlijden.datum",
    "indicatieCurateleRegister",
    "ouders.burgerservicenummer",
    "gezag",
)
_GONE: Final = frozenset({"F", "W"})
"""Records kept in error or erased: nobody (domain.md 7.1)."""
_DEAD: Final = "O"


class _Datum(msgspec.Struct, frozen=True):
    """`AbstractDatum`: whole, partial or unknown."""

    type: Literal["Datum", "DatumOnbekend", "JaarDatum", "JaarMaandDatum"]
    datum: str | None = None
    jaar: int | None = None
    maand: int | None = None


class _Dated(msgspec.Struct, frozen=True):
    datum: _Datum | None = None
    inOnderzoek: Mapping[str, object] | None = None  # noqa: N815  # the contract's own names


class _Code(msgspec.Struct, frozen=True):
    code: str | None = None


class _Suspension(msgspec.Struct, frozen=True):
    reden: _Code | None = None


class _Name(msgspec.Struct, frozen=True):
    volledigeNaam: str | None = None  # noqa: N815
    geslachtsnaam: str | None = None
    voorvoegsel: str | None = None


class _Numbered(msgspec.Struct, frozen=True):
    """A parent, a minor, a third party: who may have no number."""

    burgerservicenummer: str | None = None
    type: Literal["BekendeDerde", "OnbekendeDerde"] | None = None


class _Relation(msgspec.Struct, frozen=True):
    """`Gezagsrelatie`. A `type` that is not known here is never a ground (facts.md 5.5)."""

    type: str
    minderjarige: _Numbered
    ouders: tuple[_Numbered, ...] = ()
    ouder: _Numbered | None = None
    derde: _Numbered | None = None
    derden: tuple[_Numbered, ...] = ()
    inOnderzoek: bool = False  # noqa: N815


class _Person(msgspec.Struct, frozen=True):
    burgerservicenummer: str
    naam: _Name | None = None
    geboorte: _Dated | None = None
    overlijden: _Dated | None = None
    opschortingBijhouding: _Suspension | None = None  # noqa: N815
    indicatieCurateleRegister: bool = False  # noqa: N815
    inOnderzoek: Mapping[str, object] | None = None  # noqa: N815
    ouders: tuple[_Numbered, ...] = ()
    gezag: tuple[_Relation, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    type: Literal["RaadpleegMetBurgerservicenummer"]
    personen: list[_Person]


Identify = Callable[[str], str]


class Brp:
    """`numbers` gives the BSNs to follow, `today` the local day (proleptic ordinal).

    `names`: keep names for display. `know` is told surname and birth date, for registers that are searched by name.
    """

    register = "BRP"

    def __init__(  # noqa: PLR0913  # keyword-only, each a different thing
        self,
        *,
        name: str,
        url: str,
        key: str | None,
        client: httpx.AsyncClient,
        ledger: Ledger,
        pseudonyms: Pseudonyms,
        numbers: Callable[[], Sequence[str]],
        today: Callable[[], int],
        names: bool = False,
        know: Callable[[Sequence[KnownPerson]], None] | None = None,
    ) -> None:
        self.name = name
        self._url, self._client, self._ledger, self._pseudonyms = url.rstrip("/"), client, ledger, pseudonyms
        self._numbers, self._today, self._names, self._know = numbers, today, names, know
        self._headers = {} if key is None else {"x-api-key": key}

    async def poll(self, since: str) -> Page:
        """The next twenty people; after the last the round begins anew. Raises SourceFailed."""
        numbers = self._numbers()
        start = int(since) if since else 0
        asked = list(dict.fromkeys(numbers[start : start + PEOPLE_A_PAGE]))
        people = await self._ask(asked) if asked else []
        identify = await identified(self._ledger, self._pseudonyms, _numbers_in(people))
        facts: list[dict[str, object]] = []
        refused: list[Refused] = []
        answered: set[str] = set()
        for person in people:
            try:
                facts.extend(self._facts(person, identify))
                answered.add(identify(person.burgerservicenummer))
            except NotABsn as error:
                refused.append(Refused(f"person {start + asked.index(person.burgerservicenummer) + 1}", "", str(error)))
        facts.extend(await self._no_longer(sorted(answered), {str(fact["id"]) for fact in facts}, numbers))
        silent, notices = await self._unanswered([n for n in asked if n not in {p.burgerservicenummer for p in people}])
        facts.extend(silent)
        if self._know is not None:
            self._know([known for person in people for known in _known(person, identify)])
        more = start + PEOPLE_A_PAGE < len(numbers)
        rows = [Row(str(fact["id"]), fact, json.dumps(fact, ensure_ascii=False)) for fact in facts]
        return Page(rows, str(start + PEOPLE_A_PAGE) if more else "", more=more, refused=refused, notices=notices)

    def place(self, watermark: str) -> str:
        """In words: who is asked about next, by their place in the list."""
        return f"person {int(watermark or 0) + 1} of the list"

    async def _ask(self, asked: Sequence[str]) -> list[_Person]:
        """Raises SourceFailed, which repeats nothing of what was asked or answered."""
        question = {"type": "RaadpleegMetBurgerservicenummer", "fields": FIELDS, "burgerservicenummer": asked}
        try:
            answer = await self._client.post(f"{self._url}/personen", json=question, headers=self._headers)
            answer.raise_for_status()
            people = msgspec.json.decode(answer.content, type=_Answer).personen
        except httpx.HTTPStatusError as error:
            raise SourceFailed(f"{self.name}: answered {error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise SourceFailed(f"{self.name}: cannot be reached ({type(error).__name__})") from None
        except msgspec.MsgspecError:
            raise SourceFailed(f"{self.name}: an answer that breaks the contract") from None
        answered = [person.burgerservicenummer for person in people]
        if len(set(answered)) != len(answered):
            raise SourceFailed(f"{self.name}: the same person twice in one answer")
        if not set(answered) <= set(asked):
            raise SourceFailed(f"{self.name}: an answer about people who were not asked for")
        return people

    def _facts(self, person: _Person, identify: Identify) -> list[dict[str, object]]:
        own = identify(person.burgerservicenummer)
        facts = [self._person(person, own)]
        if person.indicatieCurateleRegister:
            facts.append(curatele_fact(own))
        for relation in person.gezag:
            facts.extend(_authorities(relation, person, identify))
        return facts

    def _person(self, person: _Person, own: str) -> dict[str, object]:
        born = person.geboorte.datum if person.geboorte is not None else None
        suspended = person.opschortingBijhouding.reden if person.opschortingBijhouding is not None else None
        reason = suspended.code if suspended is not None else None
        doubts = [person.inOnderzoek]
        doubts.extend(dated.inOnderzoek for dated in (person.geboorte, person.overlijden) if dated is not None)
        fact: dict[str, object] = {
            "fact": "person",
            "id": own,
            "born": _partial(born),
            "retracted": reason in _GONE,
            "under_investigation": any(doubts),
        }
        if person.overlijden is not None or reason == _DEAD:
            fact["died"] = earliest(_partial(person.overlijden.datum) if person.overlijden is not None else None)
        if self._names and person.naam is not None and person.naam.volledigeNaam:
            fact["name"] = person.naam.volledigeNaam
        return fact

    async def _no_longer(
        self, answered: Sequence[str], said: Container[str], numbers: Sequence[str]
    ) -> list[dict[str, object]]:
        """What the register said and says no longer: it ends today, the past stays as it was.

        Over a child, by the child's own answer. By its holder's answer only where the child itself is not followed: a
        holder's answer leaves out what is held with somebody who has no number, which the child's own shows.
        """
        today = start_of_day(self._today())
        over = [
            a for own, held in await self._standing(answered, today) for a in held if a.id.startswith(f"brp/{own}/")
        ]
        children = {child for own in answered for child in await self._represented_by(own)} - set(answered)
        holds = [
            (child, a) for child, held in await self._standing(sorted(children), today) for a in held
            if a.representative in answered and a.id.startswith("brp/") and a.id not in said
        ]  # fmt: skip
        if holds:
            followed = {each for number in numbers for each in self._ids_of(number)}
            over.extend(a for child, a in holds if child not in followed)
        return [ended_fact(stated_again(a), today) for a in over if a.id not in said]

    async def _standing(self, people: Sequence[str], at: int) -> list[tuple[str, list[Authority]]]:
        """By person, what this register says stands over them, without an end."""
        near = await around(self._ledger, people, at)
        return [
            (own, [a for a in n.authorities.get(own, ()) if a.register == self.register and a.valid_until is None])
            for own, n in zip(people, near, strict=True)
        ]

    async def _represented_by(self, holder: str) -> list[str]:
        found: list[str] = []
        while page := await self._ledger.represented_by(holder, found[-1] if found else ""):
            found.extend(page)
        return found

    def _ids_of(self, number: str) -> Sequence[str]:
        try:
            return self._pseudonyms.ids_of(number)
        except NotABsn:
            return ()

    async def _unanswered(self, numbers: Sequence[str]) -> tuple[list[dict[str, object]], list[str]]:
        """Asked for, known to us, and left out of the answer: what we know of them is in doubt, and stays known."""
        ids = [each for number in numbers for each in self._ids_of(number)]
        facts: list[dict[str, object]] = []
        for person in (await self._ledger.find("person", ids)).values():
            if person.register == self.register:
                fact = json.loads(line_of(msgspec.structs.replace(person, under_investigation=True)))
                del fact["recorded_at"]
                facts.append(fact)
        return facts, [f"{fact['id']} is followed and known, and was left out of an answer" for fact in facts]


def _authorities(relation: _Relation, person: _Person, identify: Identify) -> Iterator[dict[str, object]]:
    """One fact a holder; the register's own statements about the child name nobody."""
    minor = identify(relation.minderjarige.burgerservicenummer or "")
    doubt = relation.inOnderzoek
    parents = list(relation.ouders) or ([relation.ouder] if relation.ouder is not None else [])
    thirds = list(relation.derden) or ([relation.derde] if relation.derde is not None else [])
    match relation.type:
        case "EenhoofdigOuderlijkGezag":
            yield from _held("PARENTAL_SOLE", minor, parents, identify, doubt=doubt)
        case "GezamenlijkOuderlijkGezag":
            yield from _held("PARENTAL_JOINT", minor, parents, identify, doubt=doubt)
        case "GezamenlijkGezag":
            yield from _held("SHARED_AUTHORITY", minor, parents, identify, doubt=doubt)
            yield from _held("SHARED_AUTHORITY", minor, thirds or [_Numbered()], identify, doubt=doubt, named=False)
        case "Voogdij":
            yield from _held("GUARDIANSHIP", minor, thirds or [_Numbered()], identify, doubt=doubt, named=False)
        case "TijdelijkGeenGezag":
            yield authority_fact("NO_AUTHORITY", minor, None, doubt=doubt)
        case _:
            # what cannot be determined, and any type that a later version of the contract may bring
            asked_for_itself = person.burgerservicenummer == relation.minderjarige.burgerservicenummer
            legal_parents = [p.burgerservicenummer for p in person.ouders if p.burgerservicenummer is not None]
            candidates = [identify(parent) for parent in legal_parents] if asked_for_itself else []
            yield authority_fact("UNDETERMINED", minor, None, doubt=doubt, candidates=candidates)


def _held(
    kind: str, minor: str, holders: Sequence[_Numbered], identify: Identify, *, doubt: bool, named: bool = True
) -> Iterator[dict[str, object]]:
    """`named` False: a holder without a number stays in, as nobody. A parent without one is nobody to the graph."""
    for holder in holders:
        if holder.burgerservicenummer is not None:
            yield authority_fact(kind, minor, identify(holder.burgerservicenummer), doubt=doubt)
        elif not named:
            yield authority_fact(kind, minor, None, doubt=doubt)


def _partial(date: _Datum | None) -> str:
    """A date with unknown parts as zeros, as the register keeps it."""
    if date is None or date.type == "DatumOnbekend":
        return "0000-00-00"
    if date.datum is not None:
        return date.datum
    return f"{date.jaar or 0:04d}-{date.maand or 0:02d}-00"


def _numbers_in(people: Sequence[_Person]) -> Iterator[str]:
    """Every number that an answer names."""
    for person in people:
        yield person.burgerservicenummer
        everybody = [*person.ouders]
        for relation in person.gezag:
            everybody.extend((relation.minderjarige, *relation.ouders, *relation.derden))
            everybody.extend(one for one in (relation.ouder, relation.derde) if one is not None)
        yield from (one.burgerservicenummer for one in everybody if one.burgerservicenummer is not None)


def _known(person: _Person, identify: Identify) -> Iterator[KnownPerson]:
    name = person.naam
    if name is None or not name.geslachtsnaam:
        return
    surname = f"{name.voorvoegsel} {name.geslachtsnaam}" if name.voorvoegsel else name.geslachtsnaam
    try:
        own = identify(person.burgerservicenummer)
    except NotABsn:
        return
    born = _partial(person.geboorte.datum if person.geboorte is not None else None)
    yield KnownPerson(folded(surname), born, own, surname)


class Settings(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys of a `kind = "brp"` source. `people`: a file with a BSN a line, read anew each round, never copied.

    `key_variable`: the environment variable that holds the key sent as `x-api-key`.
    """

    url: str
    people: str
    key_variable: str | None = None
    names: bool = False
    eleven_test: bool = True


def connector(settings: Settings, parts: Parts) -> Brp:
    """Raises BadConfiguration."""
    path = parts.folder / settings.people

    def numbers() -> list[str]:
        try:
            return path.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            raise SourceFailed(f"{settings.name}: the list of people to follow cannot be read") from None

    return Brp(
        name=settings.name,
        url=settings.url,
        key=parts.secret(settings.key_variable),
        client=parts.client,
        ledger=parts.ledger,
        pseudonyms=parts.pseudonyms(eleven_test=settings.eleven_test),
        numbers=numbers,
        today=lambda: local_day(parts.clock()),
        names=settings.names,
        know=parts.store.know,
    )

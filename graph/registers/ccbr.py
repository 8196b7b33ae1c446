"""The curatele and bewind register (CCBR): public, searched by surname and birth date, and without a BSN.

So a match is no proof of who is meant. Where it fits two people of ours, each gets the measure with
`under_investigation: true`: the curator then has INDETERMINATE, mandates of either candidate lapse, and an operator is
told. It is never guessed, and absence from this register proves nothing (domain.md chapters 3 and 12.4).

No contract is published for programs, so this is ours: `POST {url}` with `{"surname", "birth_date"}` answers
`{"entries": [{"number", "measure", "surname", "birth_date", "started_on", "ended_on", "ground", "representative",
"place"}]}`; `docs/registers.md` has it in full. Source of what the register holds: BW 1:391 and 1:436.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Final, Literal

import httpx
import msgspec

from graph.registers.connector import Page, Row, SourceFailed
from graph.registers.known import KnownPerson, folded
from graph.registers.parts import Common, Parts

_SEARCHES_A_PAGE: Final = 25
_ENTRIES_MAX: Final = 100


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the register publishes about one measure (BW 1:391)."""

    number: str
    measure: Literal["CURATELE", "BEWIND"]
    surname: str
    birth_date: str
    started_on: str
    representative: str
    place: str
    ended_on: str | None = None
    ground: Literal["PHYSICAL_OR_MENTAL", "DEBTS", "DRINK_OR_DRUGS"] | None = None


class _Answer(msgspec.Struct, frozen=True):
    entries: list[Entry]


People = Callable[[tuple[str, str], int], Awaitable[Sequence[KnownPerson]]]
"""People of the next so many pairs of folded surname and birth date after the one given, in order."""


class Ccbr:
    """`everybody_known`: our people are the whole population, so that one match is one person.

    `representatives`: ids by "name, place" as the register writes them. Whoever is not in it gets an id that nobody
    logs in with: the measure then counts, and opens nothing.
    """

    name: str
    register = "CCBR"

    def __init__(
        self,
        *,
        name: str,
        url: str,
        key: str | None,
        client: httpx.AsyncClient,
        people: People,
        representatives: Mapping[str, str],
        everybody_known: bool,
    ) -> None:
        self.name = name
        self._url, self._client, self._people = url, client, people
        self._representatives, self._everybody_known = representatives, everybody_known
        self._headers = {} if key is None else {"x-api-key": key}

    async def poll(self, since: str) -> Page:
        """The next searches, at most 25; after the last person the round begins anew. Raises SourceFailed."""
        surname, born = json.loads(since) if since else ("", "")
        people = await self._people((surname, born), _SEARCHES_A_PAGE)
        if not people and not since:
            raise SourceFailed(f"{self.name}: there is nobody to search for: no brp source has told a name yet")
        rows: list[Row] = []
        notices: list[str] = []
        searched = [list(group) for _, group in groupby(people, key=lambda p: (p.folded, p.born))]
        for candidates in searched:
            for entry in await self._search(candidates[0].surname, candidates[0].born):
                rows.extend(self._facts(entry, candidates))
                notices.extend(self._notices(entry, candidates))
        if len(searched) < _SEARCHES_A_PAGE:
            return Page(rows, "", notices=notices)
        return Page(rows, json.dumps([people[-1].folded, people[-1].born]), more=True, notices=notices)

    async def _search(self, surname: str, born: str) -> list[Entry]:
        """Raises SourceFailed, which names neither the person nor what was answered about them."""
        try:
            answer = await self._client.post(
                self._url, json={"surname": surname, "birth_date": born}, headers=self._headers
            )
            answer.raise_for_status()
            entries = msgspec.json.decode(answer.content, type=_Answer).entries
        except httpx.HTTPStatusError as error:
            raise SourceFailed(f"{self.name}: answered {error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise SourceFailed(f"{self.name}: cannot be reached ({type(error).__name__})") from None
        except msgspec.MsgspecError:
            raise SourceFailed(f"{self.name}: an answer that is not as agreed") from None
        if len(entries) > _ENTRIES_MAX:
            raise SourceFailed(f"{self.name}: more than {_ENTRIES_MAX} entries for one search")
        if any(folded(e.surname) != folded(surname) or e.birth_date != born for e in entries):
            raise SourceFailed(f"{self.name}: an answer about somebody else than was asked for")
        return entries

    def _facts(self, entry: Entry, candidates: Sequence[KnownPerson]) -> list[Row]:
        certain = self._everybody_known and len(candidates) == 1
        rows = []
        for candidate in candidates:
            fact: dict[str, object] = {
                "fact": "authority",
                "id": f"ccbr/{_key(entry.number)}/{_key(candidate.id)}",
                "kind": entry.measure,
                "representative": self._representative(entry),
                "represented": candidate.id,
                "valid_from": entry.started_on,
                "valid_until": entry.ended_on,
                "ground": entry.ground,
                "under_investigation": not certain,
            }
            rows.append(Row(f"entry {entry.number}", fact, json.dumps(fact)))
        return rows

    def _representative(self, entry: Entry) -> str:
        named = f"{entry.representative}, {entry.place}"
        return self._representatives.get(named, f"ccbr/{_key(entry.number)}/representative")

    def _notices(self, entry: Entry, candidates: Sequence[KnownPerson]) -> list[str]:
        notices = []
        if len(candidates) > 1:
            who = ", ".join(candidate.id for candidate in candidates)
            notices.append(f"entry {entry.number} could be any of {who}: each has it under investigation")
        if f"{entry.representative}, {entry.place}" not in self._representatives:
            notices.append(f"entry {entry.number}: the representative is nobody that the configuration names")
        return notices


def _key(text: str) -> str:
    """A piece of an id: itself where an id may hold it, else a digest."""
    if text.isascii() and len(text) <= 48 and all(c.isalnum() or c in "._-" for c in text):
        return text
    return sha256(text.encode()).hexdigest()[:24]


class Settings(Common, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys of a `kind = "ccbr"` source. `everybody_known` must be said: it decides between certain and in doubt."""

    url: str
    everybody_known: bool
    key_variable: str | None = None
    representatives: dict[str, str] = msgspec.field(default_factory=dict)


def connector(settings: Settings, parts: Parts) -> Ccbr:
    """Searches for whom the population register's connector told surname and birth date of."""
    return Ccbr(
        name=settings.name,
        url=settings.url,
        key=parts.secret(settings.key_variable),
        client=parts.client,
        people=parts.store.known_people,
        representatives=settings.representatives,
        everybody_known=settings.everybody_known,
    )

"""Consents and refusals: given by a person for themselves, or recorded by the provider to whom they were said."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256

import msgspec

from authority.codes import COURT
from authority.consents import Word, consent_of, ended, overlap, refusal_of_giver, refusal_of_term, runs
from authority.facts import Consent, Person
from authority.mandates import later_than
from authority.question import Question
from graph.ledger import Ledger, Token
from resolvers.caller import Caller
from resolvers.office import Office, Plan, perform
from resolvers.refusals import Refused
from resolvers.sides import NOBODY, citizen, identified, provider_of, sides
from resolvers.telling import Change


class Said(msgspec.Struct, frozen=True):
    """`token`: the ledger's position after it; `consents`: as they hold now."""

    token: Token
    consents: tuple[Consent, ...]


async def give(ledger: Ledger, office: Office, caller: Caller, word: Word, now: int, evidence: str = "") -> Said:
    """A citizen speaks for themselves; a provider records what was said or shown to it, for itself only.

    The same giver's newest word about the same takes the place of the one before; what a provider recorded never takes
    the place of what the person said here. Raises Refused.
    """
    identified(caller, "CITIZEN", "PROVIDER")
    word = _by_citizen(caller, word) if caller.role == "CITIZEN" else _by_provider(caller, word, evidence)
    refused = refusal_of_term(word, now)
    if refused is None and caller.role == "CITIZEN":
        around = await sides(ledger, word.represented, word.giver, (), now)
        giver = around.holder if isinstance(around.holder, Person) else None
        refused = refusal_of_giver(word, giver, around.over_represented, now)
    if refused is not None:
        raise Refused(refused, "provider" if refused == "PROVIDER_REQUIRED" else "")
    name = _name(word, caller.party if caller.role == "PROVIDER" else "")
    said: list[Consent] = []

    async def plan() -> Plan:
        held = (await ledger.holding_versions([("consent", name)])).get(("consent", name))
        assert held is None or isinstance(held, Consent)
        fact = consent_of(word, name, later_than(held, now))
        said[:] = [fact]
        seen = {f"consent/{name}": None if held is None else held.recorded_at}
        channel = "ONLINE" if caller.role == "CITIZEN" else "PAPER"
        return Plan((fact,), seen, Change("giveConsent", "", (f"consent/{name}",), channel=channel, evidence=evidence))

    token = await perform(ledger, office.desk, caller, [f"consent/{name}"], plan, now)
    return Said(token, tuple(said))


async def withdraw(
    ledger: Ledger, office: Office, caller: Caller, consent_id: str, now: int, evidence: str = ""
) -> Said:
    """By its giver, or by the provider where it was given; at once. Again: nothing changes. Raises Refused.

    Who takes back their own yes is left with none for the same: what a provider recorded of them ends with it.
    """
    identified(caller, "CITIZEN", "PROVIDER")
    besides = await _besides(ledger, citizen(caller), consent_id, now) if caller.role == "CITIZEN" else []
    names = (consent_id, *besides)
    return await _end(ledger, office, caller, names, now, Change("withdrawConsent", "", evidence=evidence))


async def use(
    ledger: Ledger, office: Office, caller: Caller, consent_ids: Sequence[str], now: int, evidence: str = ""
) -> Said:
    """The provider uses these up, all or none: of two who use the same at once, one hears CONSENT_ENDED."""
    provider_of(caller)
    names = tuple(dict.fromkeys(consent_ids))
    return await _end(ledger, office, caller, names, now, Change("useConsents", "", evidence=evidence))


async def _end(ledger: Ledger, office: Office, caller: Caller, names: Sequence[str], now: int, change: Change) -> Said:
    keys = [f"consent/{name}" for name in names]
    using = change.mutation == "useConsents"
    said: list[Consent] = []

    async def plan() -> Plan:
        found = await ledger.find("consent", names)
        held = [_of_caller(caller, found.get(name)) for name in names]
        running = [consent for consent in held if runs(consent, now)]
        if using and (len(running) < len(held) or not all(consent.given for consent in held)):
            raise Refused("CONSENT_ENDED", "ids")
        facts = [ended(consent, now) for consent in running]
        said[:] = [each for each in facts if isinstance(each, Consent)] if facts else held
        seen = {f"consent/{consent.id}": consent.recorded_at for consent in running}
        return Plan(facts, seen, msgspec.structs.replace(change, facts=tuple(keys)))

    token = await perform(ledger, office.desk, caller, keys, plan, now)
    return Said(token, tuple(said))


async def _besides(ledger: Ledger, giver: str, consent_id: str, now: int) -> list[str]:
    """The other consents of this giver that say yes to some of what this one does."""
    own = (await ledger.find("consent", [consent_id])).get(consent_id)
    if not isinstance(own, Consent) or own.from_ != giver or not own.given or not runs(own, now):
        return []
    question = Question(
        representative=own.representative,
        represented=own.represented,
        provider=NOBODY,
        service=f"{NOBODY}/{NOBODY}",
        assurance="HIGH",
        at=now,
    )
    around = await ledger.neighbourhood(question)
    return [
        each.id
        for each in around.consents
        if each.id != consent_id and each.given and runs(each, now) and overlap(own, each)
    ]


def _of_caller(caller: Caller, consent: object) -> Consent:
    """Raises Refused, the same for one that is not theirs as for one that is not there."""
    if isinstance(consent, Consent):
        if caller.role == "CITIZEN" and consent.from_ == citizen(caller):
            return consent
        if caller.role == "PROVIDER" and consent.given and consent.provider in (None, provider_of(caller)):
            return consent
    raise Refused("CONSENT_UNKNOWN", "id")


def _by_citizen(caller: Caller, word: Word) -> Word:
    person = citizen(caller)
    if word.giver not in ("", person):
        raise Refused("FORBIDDEN", "from")
    return msgspec.structs.replace(word, giver=person)


def _by_provider(caller: Caller, word: Word, evidence: str) -> Word:
    provider = provider_of(caller)
    if word.provider not in (None, provider):
        raise Refused("FORBIDDEN", "provider")
    if not word.giver or word.giver == word.representative:
        raise Refused("NOTHING_TO_CONSENT_TO", "from")
    if word.giver == COURT and not word.act:
        raise Refused("ACT_REQUIRED", "act")
    if not evidence:
        raise Refused("EVIDENCE_REQUIRED", "evidence")
    return msgspec.structs.replace(word, provider=provider)


def _name(word: Word, recorded_by: str) -> str:
    """One for what the same giver says about the same, so that the newest word stands alone."""
    about = (word.giver, word.representative, word.represented, word.provider, word.domain, word.act, recorded_by)
    digest = sha256(msgspec.json.encode(about)).digest()[:16]
    return f"consent/{b32encode(digest).decode().rstrip('=').lower()}"

"""Providers brought live: what is asked is checked step by step, then recorded as facts, all or none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from authority.facts import Fact, Provider, Service
from authority.onboarding import Refusal, refusal_of_assurance, refusal_of_step, way
from graph.admission import in_batches
from graph.errors import BadInput, Problem
from graph.fields import shown
from graph.intake import content_of, fact_of, line_of
from graph.ledger import Ledger, Token
from resolvers.telling import stated_by

TOGETHER_MAX: Final = 1_000
"""Providers in one request."""
_BATCH: Final = 1_000
_PROVIDER_FIELDS: Final = ("sector", "status", "route", "supplier", "live_from", "name")
_SERVICE_FIELDS: Final = ("domain", "minimum_assurance", "channel", "routine", "mandatable", "matter", "name")


class Onboarded(msgspec.Struct, frozen=True):
    """`token`: the ledger's position after it; `providers`: as they hold now; with problems nothing was recorded.

    `stated`: what is new, as `resolvers.telling` has it.
    """

    token: Token
    recorded: int
    providers: tuple[Provider, ...] = ()
    problems: tuple[Problem, ...] = ()
    stated: tuple[str, ...] = ()


async def onboard(ledger: Ledger, stated: Sequence[Mapping[str, Any]], *, now: int, leaps: bool = False) -> Onboarded:
    """Bring each of these providers a step further; one that is not known yet begins as APPLIED.

    An object has `id`, what changes of `sector, status, route, supplier, live_from, name`, and `services`: objects with
    `id` (the last part is enough) and what changes of each. `leaps`: `status` may lie several steps ahead, each of
    which is checked. All or none.
    """
    try:
        plans = await _plans(ledger, list(enumerate(stated, 1)), now, leaps=leaps)
    except BadInput as bad:
        return Onboarded(await ledger.head(), 0, (), bad.problems)
    facts = [fact for plan in plans for fact in plan.facts]
    providers = tuple(plan.provider for plan in plans)
    if not facts:
        return Onboarded(await ledger.head(), 0, providers)
    done = await ledger.append(facts)
    return Onboarded(done.token, done.recorded, providers, stated=stated_by(facts))


async def check(
    ledger: Ledger, lines: Iterator[tuple[int, Mapping[str, Any]]], *, now: int, source: str
) -> AsyncIterator[int]:
    """Check a whole file before anything of it is stored; yields how many are right. Raises BadInput."""
    seen: dict[str, int] = {}
    count = 0
    for batch in in_batches(lines, _BATCH):
        for line, data in batch:
            name = str(data.get("id", ""))
            if name in seen:
                found = f"{name!r}, which stands on line {seen[name]} too"
                twice = Problem("CONFLICT", field="id", found=found, expected="one line each", line=line)
                raise BadInput([twice], source=source)
            seen[name] = line
        count += len(await _plans(ledger, batch, now, leaps=True, source=source))
        yield count


async def store(
    ledger: Ledger, lines: Iterator[tuple[int, Mapping[str, Any]]], *, now: int
) -> AsyncIterator[Onboarded]:
    """Store them a transaction after the other; stopped on the way, the same file completes it."""
    for batch in in_batches(lines, _BATCH):
        done = await onboard(ledger, [data for _, data in batch], now=now, leaps=True)
        for problem in done.problems:
            problem.line, _ = batch[problem.line - 1]
        yield done


class _Plan(msgspec.Struct, frozen=True):
    provider: Provider
    facts: tuple[Fact, ...]


async def _plans(
    ledger: Ledger, lines: Sequence[tuple[int, Mapping[str, Any]]], now: int, *, leaps: bool, source: str = ""
) -> list[_Plan]:
    """What to record for each. Raises BadInput with the problems of all of them."""
    named = [(line, data, _id_of(data)) for line, data in lines]
    before = await ledger.find("provider", [name for _, _, name in named if name])
    offered = {
        f"{name}/{_short(each)}" for _, data, name in named for each in _services_of(data) if isinstance(each, Mapping)
    }
    services = await ledger.find("service", sorted(offered))
    problems: list[Problem] = []
    plans = []
    seen: set[str] = set()
    for line, data, name in named:
        try:
            if name and name in seen:
                raise Problem("CONFLICT", field="id", found=f"{shown(name)} twice", expected="each once")
            seen.add(name)
            plans.append(await _plan(ledger, data, before.get(name), services, now, leaps=leaps))
        except Problem as problem:
            problem.line = line
            problems.append(problem)
    if problems:
        raise BadInput(problems, source=source)
    return plans


async def _plan(
    ledger: Ledger, data: Mapping[str, Any], found: Fact | None, known: Mapping[str, Fact], now: int, *, leaps: bool
) -> _Plan:
    """Raises Problem."""
    unknown = next((key for key in data if key not in (*_PROVIDER_FIELDS, "id", "services")), None)
    if unknown is not None:
        expected = f"one of id, services, {', '.join(_PROVIDER_FIELDS)}"
        raise Problem("UNKNOWN_FIELD", field=unknown, found=shown(unknown), expected=expected)
    services_said = data.get("services", [])
    if services_said is not None and not isinstance(services_said, list | tuple):
        raise Problem("WRONG_VALUE", field="services", found=shown(services_said), expected="a list")
    before = found if isinstance(found, Provider) else None
    if before is None and "sector" not in data and "id" in data:
        expected = "a known provider, or the sector of a new one"
        raise Problem("UNKNOWN_REFERENCE", field="id", found=shown(data["id"]), expected=expected)
    after = _provider(data, before, now)
    services = [_service(after.id, place, each, known, now) for place, each in enumerate(_services_of(data))]
    count = len(services) or len(await ledger.services_of(after.id))
    _refuse(_refusal(before, after, count, leaps=leaps))
    pairs = [(known[each.id], each) for each in services if each.id in known]
    _refuse(refusal_of_assurance(after, [(old, new) for old, new in pairs if isinstance(old, Service)]))
    facts: list[Fact] = [after, *services]
    return _Plan(after, tuple(fact for fact in facts if not _is_known(fact, before, known)))


def _refusal(before: Provider | None, after: Provider, services: int, *, leaps: bool) -> Refusal | None:
    start = before.status if before else None
    steps = way(start, after.status) if leaps else None
    for status in steps or (after.status,):
        refused = refusal_of_step(start, msgspec.structs.replace(after, status=status), services)
        if refused is not None:
            return refused
        start = status
    return None


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Problem(refusal.code, field=refusal.field, found=refusal.found, expected=refusal.expected)


def _provider(data: Mapping[str, Any], before: Provider | None, now: int) -> Provider:
    said = {"id": data.get("id"), "status": "APPLIED"} | (_kept(before, _PROVIDER_FIELDS) if before else {})
    said |= {key: data[key] for key in _PROVIDER_FIELDS if key in data}
    fact, _ = fact_of({"fact": "provider", **said}, recorded_at=now)
    assert isinstance(fact, Provider)
    return fact


def _service(provider: str, place: int, data: object, known: Mapping[str, Fact], now: int) -> Service:
    where = f"services[{place}]"
    if not isinstance(data, Mapping):
        raise Problem("WRONG_VALUE", field=where, found=shown(data), expected="an object")
    unknown = next((key for key in data if key not in ("id", *_SERVICE_FIELDS)), None)
    if unknown is not None:
        expected = f"one of id, {', '.join(_SERVICE_FIELDS)}"
        raise Problem("UNKNOWN_FIELD", field=f"{where}.{unknown}", found=shown(unknown), expected=expected)
    name = f"{provider}/{_short(data)}"
    before = known.get(name)
    said = _kept(before, _SERVICE_FIELDS) if isinstance(before, Service) else {}
    said |= {key: data[key] for key in _SERVICE_FIELDS if key in data}
    try:
        fact, _ = fact_of({"fact": "service", "id": name, "provider": provider, **said}, recorded_at=now)
    except Problem as wrong:
        field = f"{where}.{wrong.field}"
        raise Problem(wrong.code, field=field, found=wrong.found, expected=wrong.expected) from None
    assert isinstance(fact, Service)
    return fact


def _kept(fact: Fact, fields: Sequence[str]) -> dict[str, Any]:
    """As a line has them, without what is left at its default."""
    line: dict[str, Any] = msgspec.json.decode(line_of(fact))
    return {name: line[name] for name in fields if name in line}


def _is_known(fact: Fact, before: Provider | None, known: Mapping[str, Fact]) -> bool:
    held = before if isinstance(fact, Provider) else known.get(fact.id)
    return held is not None and content_of(held) == content_of(fact)


def _id_of(data: Mapping[str, Any]) -> str:
    name = data.get("id")
    return name if isinstance(name, str) else ""


def _short(data: Mapping[str, Any]) -> str:
    """The last part of a service's id."""
    return str(data.get("id", "")).rpartition("/")[2]


def _services_of(data: Mapping[str, Any]) -> Sequence[Any]:
    """() too where it is no list, which `_plan` refuses."""
    services = data.get("services")
    return services if isinstance(services, list | tuple) else ()

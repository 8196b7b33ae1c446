"""What a step of the ledger changes for somebody who watches an authority or a provider; None: nothing."""

from __future__ import annotations

from typing import Final

import msgspec

from authority.facts import Authority, Fact, Provider, Service
from graph.following import Step

_ONLY_WHEN: Final = frozenset({"id", "recorded_at"})


class AuthorityChange(msgspec.Struct, frozen=True, gc=False):
    """`fact` None: it was taken back, or does not concern those who are watched any more.

    `changed`: the fields that say something else than in the version before; empty for the first.
    """

    position: int
    id: str
    fact: Authority | None
    changed: tuple[str, ...]


class ProviderChange(msgspec.Struct, frozen=True, gc=False):
    """Of the provider itself, or of its service `service`; `offered`: it has the service now."""

    position: int
    provider: str
    service: str | None
    offered: bool
    changed: tuple[str, ...]


def changed(before: Fact | None, after: Fact) -> tuple[str, ...]:
    """The fields that say something else, but when it was recorded; empty where there was no version before."""
    if before is None:
        return ()
    names = [name for name in after.__struct_fields__ if name not in _ONLY_WHEN]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def authority_change(step: Step, representative: str | None, represented: str | None) -> AuthorityChange | None:
    """Of an authority of this representative, over this person; None stands for anybody."""

    def concerns(version: Fact | None) -> bool:
        return (
            isinstance(version, Authority)
            and not version.retracted
            and representative in (None, version.representative)
            and represented in (None, version.represented)
        )

    fact, before = step.fact, step.before
    if not isinstance(fact, Authority) or not _says_something(step):
        return None
    now, until_now = concerns(fact), concerns(before)
    if not now and not until_now:
        return None
    # what somebody else has now is nobody's business here
    said = changed(before, fact) if now and until_now else ()
    return AuthorityChange(step.position, fact.id, fact if now else None, said)


def provider_change(step: Step, provider: str | None) -> ProviderChange | None:
    """Of this provider or one of its services; None: of any."""
    fact, before = step.fact, step.before
    if not _says_something(step):
        return None
    said = changed(before, fact)
    if isinstance(fact, Provider):
        return ProviderChange(step.position, fact.id, None, False, said) if provider in (None, fact.id) else None
    if not isinstance(fact, Service):
        return None
    if provider in (None, fact.provider):
        return ProviderChange(step.position, fact.provider, fact.id, not fact.retracted, said)
    if isinstance(before, Service) and before.provider == provider:
        return ProviderChange(step.position, provider, fact.id, False, said)
    return None


def _says_something(step: Step) -> bool:
    """It holds, and says something that the version before did not."""
    return step.holds and (step.before is None or bool(changed(step.before, step.fact)))

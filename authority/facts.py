"""The ten types of fact (facts.md chapter 2), as immutable records.

Times are instants in microseconds (`authority.moments`); `None` is open: since ever, or without end. A birth date
stays text because its parts may be unknown. Every record is one *version* of a statement: the same `(type, id)`
may be stated again, and which version holds is decided by `recorded_at` (`authority.versions`). Fields stand in the
order of facts.md, which is that of canonical lines.

Reading and checking lines is `graph.intake`; a record made there keeps every rule of facts.md chapters 1 and 2.
"""

from __future__ import annotations

from typing import Final

import msgspec

from authority.codes import (
    Act,
    Assurance,
    AuthorityKind,
    AuthorityStatus,
    BlockReason,
    CareDomain,
    Channel,
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
from authority.moments import SINCE_EVER


class _Version(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="fact"):
    """What every fact has: identity, whose word it is, when that register knew it, and whether it is in doubt."""

    id: str
    register: str
    recorded_at: int = SINCE_EVER
    retracted: bool = False
    under_investigation: bool = False


class Person(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="person"):
    """`born` is `YYYY-MM-DD` whose parts may be 00; `name` is for display only."""

    born: str
    died: int | None = None
    name: str | None = None


class Organisation(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="organisation"):
    """`certified_until`: of a GUARDIANSHIP_INSTITUTION; None is no certificate known."""

    kind: OrganisationKind
    registered: bool = True
    certified_until: int | None = None
    name: str | None = None


class Employment(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="employment"):
    """`services` None: all services of the organisation's clients."""

    employee: str
    organisation: str
    services: tuple[str, ...] | None = None
    valid_from: int | None = None
    valid_until: int | None = None


class Provider(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="provider"):
    """Live at T: `status` LIVE and `live_from` not after T."""

    sector: Sector
    status: ProviderStatus
    route: Route | None = None
    supplier: str | None = None
    live_from: int | None = None
    name: str | None = None


class Service(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="service"):
    """`id` is `provider/short`."""

    provider: str
    domain: Domain
    minimum_assurance: Assurance
    channel: Channel = "PROVIDER"
    routine: bool = False
    mandatable: bool = True
    name: str | None = None
    matter: Matter = "GENERAL"


class Authority(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="authority"):
    """A ground on which one may act for another, or a register's statement about a minor."""

    kind: AuthorityKind
    representative: str | None
    represented: str
    services: tuple[str, ...] | None = None
    providers: tuple[str, ...] | None = None
    domains: tuple[Domain, ...] | None = None
    goods: tuple[str, ...] | None = None
    exercise: Exercise = "SOLE"
    ground: Ground | None = None
    candidates: tuple[str, ...] = ()
    status: AuthorityStatus = "ACTIVE"
    valid_from: int | None = None
    valid_until: int | None = None


class Consent(
    _Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="consent", rename={"from_": "from"}
):
    """`from_` (in JSON `from`) is a person, an organisation or COURT; `given` False is a refusal."""

    from_: str
    representative: str
    represented: str
    provider: str | None = None
    domain: Domain | None = None
    act: Act | None = None
    given: bool = True
    valid_from: int | None = None
    valid_until: int | None = None


class Ability(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="ability"):
    """Able to judge the matter (ter zake), as the care provider found. BW 7:465."""

    person: str
    provider: str | None = None
    domain: CareDomain | None = None
    able: bool
    valid_from: int | None = None
    valid_until: int | None = None


class Block(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="block"):
    """`representative` None: everybody but the person."""

    provider: str
    represented: str
    representative: str | None = None
    reason: BlockReason
    valid_from: int | None = None
    valid_until: int | None = None


class Register(_Version, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag="register"):
    """`serves` and `complete` None: as table 3 has them. `max_silence` and `delay` are microseconds."""

    serves: tuple[Served, ...] | None = None
    complete: bool | None = None
    heard_from: int | None = None
    max_silence: int | None = None
    delay: int | None = None
    name: str | None = None


Fact = Person | Organisation | Employment | Provider | Service | Authority | Consent | Ability | Block | Register

TYPES: Final[dict[FactType, type[Fact]]] = {
    "person": Person,
    "organisation": Organisation,
    "employment": Employment,
    "provider": Provider,
    "service": Service,
    "authority": Authority,
    "consent": Consent,
    "ability": Ability,
    "block": Block,
    "register": Register,
}
_TYPE_OF: Final[dict[type[Fact], FactType]] = {cls: name for name, cls in TYPES.items()}


def type_of(fact: Fact) -> FactType:
    """The type's name as it stands in the `fact` field."""
    return _TYPE_OF[type(fact)]

"""The neighbourhood of a question: the few facts that can matter to its answer."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from authority.codes import AUTHORITY_OVER_MINORS
from authority.facts import (
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    Provider,
    Register,
    Service,
)
from authority.question import Question


class Neighbourhood(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known around one question: versions that hold at its `known_at`, retracted ones left out.

    A graph gathers it in one step; `authority.decide` comes back for nothing more. Facts that cannot matter are
    allowed in it and change nothing.

    * `people`: the representative, the represented, and the other holders (`other_holders`), where known.
    * `authorities`: by represented id, all authorities over the represented, the representative and those holders.
    * `consents`, `abilities`, `blocks`: those that concern the represented.
    * `employments`: of the representative at `organisation`, where the question names one.
    * `registers`: every register fact, by id.
    * `as_of`: the token of the ledger position that it was read at.
    """

    service: Service | None = None
    provider: Provider | None = None
    organisation: Organisation | None = None
    people: dict[str, Person] = msgspec.field(default_factory=dict)
    authorities: dict[str, list[Authority]] = msgspec.field(default_factory=dict)
    consents: list[Consent] = msgspec.field(default_factory=list)
    abilities: list[Ability] = msgspec.field(default_factory=list)
    blocks: list[Block] = msgspec.field(default_factory=list)
    employments: list[Employment] = msgspec.field(default_factory=list)
    registers: dict[str, Register] = msgspec.field(default_factory=dict)
    as_of: str = ""

    def facts(self) -> list[Fact]:
        """Everything in it."""
        one: tuple[Fact | None, ...] = (self.service, self.provider, self.organisation)
        return [
            *(fact for fact in one if fact is not None),
            *self.people.values(),
            *(authority for over in self.authorities.values() for authority in over),
            *self.consents,
            *self.abilities,
            *self.blocks,
            *self.employments,
            *self.registers.values(),
        ]


_OTHERS_ALWAYS_MATTER = AUTHORITY_OVER_MINORS | {"NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR"}


def other_holders(question: Question, over_represented: Iterable[Authority]) -> set[str]:
    """Whose person facts and measures can matter beside the asker's: the other holders over the represented.

    Those are who must agree, who died, who is in doubt (rules J, N, H and JOINT; table 5.4). A mandate's or a
    measure's other holders matter only to a JOINT exercise, a bewind's also to the person's own doings.
    """
    asker = question.asker
    authorities = list(over_represented)
    joint = {a.kind for a in authorities if a.exercise == "JOINT"}
    if question.oneself:
        joint.add("BEWIND")
    return {
        a.representative
        for a in authorities
        if a.representative is not None
        and a.representative != asker
        and (a.kind in _OTHERS_ALWAYS_MATTER or a.kind in joint)
    }

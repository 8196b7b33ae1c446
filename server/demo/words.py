"""What people of the crowd said and what providers found there: consents, abilities, blocks, as many as there might be.

The population has people and what is held over them. Shares are invented, and drawn from one seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from server.demo import Line
from server.demo.calendar import Calendar

_TEEN_CONSENTS: Final = 0.3
_OTHER_PARENT_CONSENTS: Final = 0.1
_REFUSES: Final = 0.1
_ABILITY_FOUND: Final = 0.7
_BLOCKED: Final = 0.005
_JOINT: Final = ("PARENTAL_JOINT", "SHARED_AUTHORITY")


def words(crowd: Iterable[Line], calendar: Calendar, seed: int) -> Iterator[Line]:
    """For a crowd whose people come before what is held over them."""
    random = Random(seed)  # noqa: S311 - a small country, not a secret
    born: dict[str, str] = {}
    holders: dict[str, list[str]] = {}
    twelfth, sixteenth = calendar.years(-12), calendar.years(-16)
    for fact in crowd:
        if fact["fact"] == "person":
            born[fact["id"]] = fact["born"]
        if fact["fact"] != "authority" or fact["representative"] is None:
            continue
        holder, represented = fact["representative"], fact["represented"]
        if fact["kind"] in _JOINT or fact["kind"] == "PARENTAL_SOLE":
            if sixteenth < born[represented] < twelfth and random.random() < _TEEN_CONSENTS:
                yield _consent(represented, holder, represented, calendar, random)
            for other in holders.get(represented, ()):
                if random.random() < _OTHER_PARENT_CONSENTS:
                    yield _consent(other, holder, represented, calendar, random)
            holders.setdefault(represented, []).append(holder)
            if random.random() < _BLOCKED:
                yield {
                    "fact": "block",
                    "id": f"block-{holder}-{represented}",
                    "provider": "zeeduin",
                    "represented": represented,
                    "representative": holder,
                    "reason": random.choice(("GOOD_CARE", "RULING", "SAFETY")),
                    "valid_from": calendar.day(-random.randrange(1, 300)),
                }
        elif fact["kind"] in ("MENTORSCHAP", "CURATELE") and random.random() < _ABILITY_FOUND:
            yield {
                "fact": "ability",
                "id": f"ability-{fact['id']}",
                "person": represented,
                "provider": random.choice(("zeeduin", "molenhof", "wilgenhof")),
                "able": random.random() < 0.4,
                "valid_from": calendar.day(-random.randrange(1, 300)),
            }


def _consent(giver: str, representative: str, represented: str, calendar: Calendar, random: Random) -> Line:
    return {
        "fact": "consent",
        "id": f"consent-{giver}-{representative}-{represented}",
        "from": giver,
        "representative": representative,
        "represented": represented,
        "provider": random.choice(("zeeduin", "molenhof")),
        **({"given": False} if random.random() < _REFUSES else {}),
        "valid_from": calendar.day(-random.randrange(1, 100)),
    }

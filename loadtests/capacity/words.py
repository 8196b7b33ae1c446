"""The answer in sentences, for whoever decides; the same on the page and on a terminal."""

from __future__ import annotations

from calendar import month_name
from typing import Any, Final

from simulator.report.words import day_words, large

Document = dict[str, Any]
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spelled(value: float) -> str:
    """Such as: two; 12."""
    return _NUMBERS[int(value)] if value < len(_NUMBERS) else f"{value:,.0f}"


def machines(value: float) -> str:
    """Such as: two machines."""
    return f"{spelled(value)} machine{'' if value == 1 else 's'}"


def month_of(document: Document) -> str:
    """Such as: March 2027."""
    year, month = document["month"].split("-")
    return f"{month_name[int(month)]} {year}"


def headline(document: Document) -> str:
    """The answer in a line."""
    need = document["asked"]["machines"]
    found = f"{machines(need['p90']).capitalize()} for {month_of(document)}"
    return found if need["p50"] == need["p90"] else f"{found}, {spelled(need['p50'])} if it goes as expected"


def sentences(document: Document) -> list[tuple[str, str]]:
    """(what it is about, what there is to say)."""
    found = [
        ("How many?", _how_many(document)),
        ("For what?", _for_what(document)),
        ("What the hospitals' demand does.", _surge(document) if document["enforced_on"] else ""),
        ("The record (Neo4j).", _record(document)),
        ("Memory.", _memory(document)),
        ("Too early or too late?", _regret(document)),
        ("Where it extrapolates.", " ".join(document["extrapolates"])),
    ]
    return [(head, text) for head, text in found if text]


def _how_many(document: Document) -> str:
    need, bare, machine = document["asked"]["machines"], document["asked"]["bare"], document["machine"]
    spare = f"{spelled(machine['spare'])} that may fail"
    size = f"{machine['cores']:g} cores and {machine['memory_gib']:g} GiB"
    found = f"{machines(need['p90']).capitalize()} of {size}: {spelled(bare['p90'])} for the load, {spare}. "
    if need["p50"] == need["p90"]:
        return found + "That is enough in nine worlds of ten (P90), and no fewer would do in the middle one."
    return found + f"That is enough in nine worlds of ten (P90); in half of them {spelled(need['p50'])} would do."


def _for_what(document: Document) -> str:
    decisions, machine = document["asked"]["decisions"], document["machine"]
    return (
        f"The busiest hour asks {_rate(decisions['p50'])} decisions a second in the middle case and "
        f"{_rate(decisions['p90'])} or more in one of ten. One machine may be asked {_rate(machine['usable']['p50'])}, "
        f"with {machine['headroom']:.0%} of it kept free so that nobody has to queue."
    )


def _surge(document: Document) -> str:
    people, rate = document["calculation"]["surge_people"], document["asked"]["surge"]["p90"]
    found = (
        f"From {day_words(document['enforced_on'])} a lent password is of no use at a hospital. About {large(people)} "
        "people who were helped that way need a mandate within some weeks: "
    )
    if not rate:
        return found + f"that is over before {document['asked']['name']}."
    return found + f"{_rate(rate)} mandates a second in the busiest hour (P90), whose questions are counted above."


def _record(document: Document) -> str:
    neo4j = document["neo4j"]
    replicas = (
        f"{spelled(neo4j['replicas']).capitalize()} read replicas besides."
        if neo4j["replicas"]
        else "No read replica besides: each machine answers from a replica of its own."
    )
    return (
        f"{spelled(neo4j['members']).capitalize()} members, the fewest of which one may fail; writes take "
        f"{neo4j['write_share']:.1%} of what one leader was measured to do (P90). {replicas}"
    )


def _memory(document: Document) -> str:
    machine, neo4j = document["machine"], document["neo4j"]
    return (
        f"{machine['needed_gib']:.2g} GiB on each machine: {machine['own_gib']:.2g} for its workers, "
        f"{machine['graph_gib']:.2g} for the whole country's graph; {neo4j['memory_gib']:.2g} GiB on each Neo4j member."
    )


def _regret(document: Document) -> str:
    best, worst = document["policies"][0], document["policies"][-1]
    more = f"€ {best['regret']:,.0f} more over the quarters shown" if best["regret"] else "no more"
    return (
        f"Least regret: buy {_short(best['name'])}. On average it costs {more} than somebody who had known would pay; "
        f"the worst of those tried, “{_short(worst['name'])}”, € {worst['regret']:,.0f} more."
    )


def _short(name: str) -> str:
    return name.partition(" (")[0]


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.2g}"

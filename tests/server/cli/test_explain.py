from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from authority.moments import instant
from authority.reasons import TEXTS
from authority.rules import about
from graph.embedded import EmbeddedGraph
from graph.intake import fact_of
from server.cli.explain import command
from server.cli.tree import _LEARNT, _LOOKS, _SAID, _WORDS, Language

FACTS: list[dict[str, Any]] = [
    {"fact": "provider", "id": "h1", "sector": "HOSPITAL", "status": "LIVE"},
    {
        "fact": "service",
        "id": "h1/record",
        "provider": "h1",
        "domain": "CARE_RECORD",
        "minimum_assurance": "SUBSTANTIAL",
    },
    {"fact": "person", "id": "p1", "born": "2018-03-01"},
    {"fact": "person", "id": "p2", "born": "1985-03-01"},
    {"fact": "authority", "id": "a1", "kind": "PARENTAL_JOINT", "representative": "p2", "represented": "p1"}
    | {"valid_from": "2018-03-01"},
    {"fact": "authority", "id": "a2", "kind": "PARENTAL_JOINT", "representative": "p3", "represented": "p1"},
    {"fact": "register", "id": "CCBR", "heard_from": "2026-06-01T00:00:00Z", "max_silence": "P1D"},
]
QUESTION = {
    "representative": "p2",
    "represented": "p1",
    "provider": "h1",
    "service": "record",
    "assurance": "SUBSTANTIAL",
    "at": "2026-06-15T10:00:00Z",
}


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_text("".join(f"{json.dumps(fact)}\n" for fact in FACTS))
    return path


def explained(*arguments: str, question: dict[str, Any] | str = QUESTION) -> Result:
    asked = question if isinstance(question, str) else json.dumps(question)
    return CliRunner().invoke(command, [*arguments, "--question", asked])


def test_the_tree(facts: Path) -> None:
    told = explained("--facts", str(facts))
    assert told.exit_code == 0
    assert told.output.startswith("PERMIT PARENTAL_AUTHORITY\np2 → p1, h1/record, at 2026-06-15T10:00:00Z\n")
    assert "holds until 2030-03-01" in told.output
    assert (
        "Ground a1 PARENTAL_JOINT BRP, ACTIVE, 2018-03-01 / … → PERMIT PARENTAL_AUTHORITY ← gives the answer"
        in told.output
    )
    assert "BW 7:447, 7:450" in told.output
    assert "p1 is under 12" in told.output
    assert "a2 PARENTAL_JOINT p3: Somebody else holds it." in told.output
    assert "CCBR heard from 2026-06-01T00:00:00Z, silent for too long" in told.output
    assert "From 2030-03-01 → INDETERMINATE CHILD_CONSENT_UNKNOWN" in told.output


def test_in_dutch(facts: Path) -> None:
    told = explained("--facts", str(facts), "--language", "nl")
    assert "U hebt het ouderlijk gezag over dit kind." in told.output
    assert "p1 is jonger dan 12" in told.output
    assert "Wat het antwoord zou veranderen" in told.output


def test_json(facts: Path) -> None:
    told = json.loads(explained("--facts", str(facts), "--json").output)
    assert list(told) == ["question", "decision", "readings", "other_authorities", "registers", "changes", "since"]
    assert told["question"] == QUESTION
    assert told["since"] is None
    assert (told["decision"]["outcome"], told["decision"]["valid_until"]) == ("PERMIT", "2030-02-28T23:00:00Z")
    assert told["readings"][0]["grounds"][0]["steps"][0]["name"] == "STATUS_AND_DATES"


async def _fill(path: Path) -> None:
    graph = EmbeddedGraph.open(str(path))
    await graph.append([fact_of(fact, recorded_at=instant("2026-01-01T00:00:00Z"))[0] for fact in FACTS])
    await graph.close()


async def test_a_graph_tells_the_same(facts: Path, tmp_path: Path) -> None:
    await _fill(tmp_path / "graph")
    import asyncio

    of_graph = await asyncio.to_thread(explained, "--graph", str(tmp_path / "graph"), "--json")
    of_facts = await asyncio.to_thread(explained, "--facts", str(facts), "--json")
    one, other = json.loads(of_graph.output), json.loads(of_facts.output)
    one["decision"].pop("as_of"), other["decision"].pop("as_of")
    assert one == other


DIED = {"fact": "person", "id": "p1", "born": "2018-03-01", "died": "2026-05-01", "recorded_at": "2026-06-20T08:00:00Z"}
KNOWN = "2026-06-16T00:00:00+02:00"


def test_what_has_been_learnt_since(facts: Path) -> None:
    with facts.open("a") as file:
        file.write(json.dumps(DIED))
    told = explained("--facts", str(facts), "--known-at", KNOWN)
    assert told.output.startswith("PERMIT PARENTAL_AUTHORITY")
    assert "person p1 stated anew (known to the register from 2026-06-20T08:00:00Z)" in told.output
    assert "Now the answer would be INDETERMINATE PROVIDER_MUST_DECIDE (differs in outcome, reason," in told.output
    dutch = explained("--facts", str(facts), "--known-at", "2026-06-21T00:00:00Z", "--language", "nl")
    assert dutch.output.startswith("INDETERMINATE PROVIDER_MUST_DECIDE")
    assert "niets wat hier meetelt" in dutch.output
    assert "Het antwoord zou nu hetzelfde zijn" in dutch.output


async def test_a_position_of_a_graph(tmp_path: Path) -> None:
    import asyncio

    await _fill(tmp_path / "graph")
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    before = str(await graph.head())
    await graph.append([fact_of(DIED, recorded_at=0)[0]])
    await graph.close()
    where = ("--graph", str(tmp_path / "graph"))
    told = json.loads((await asyncio.to_thread(explained, *where, "--as-of", before, "--json")).output)
    assert (told["decision"]["outcome"], told["decision"]["as_of"]) == ("PERMIT", before)
    assert told["since"]["facts"] == [
        {"fact": "person", "id": "p1", "change": "CORRECTED", "position": 8, "recorded_at": "2026-06-20T08:00:00Z"}
    ]
    assert (told["since"]["differs"], told["since"]["decision_now"]["outcome"]) == (True, "INDETERMINATE")
    tree = await asyncio.to_thread(explained, *where, "--as-of", before)
    assert "from 2026-06-20T08:00:00Z, position 8" in tree.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--known-at", "yesterday"), "found 'yesterday'"), (("--as-of", "x.1"), "--as-of is a position of a graph")],
)
def test_no_instant_and_no_position(facts: Path, arguments: tuple[str, ...], said: str) -> None:
    told = explained("--facts", str(facts), *arguments)
    assert told.exit_code == 2
    assert said in told.output


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("{", "found no JSON"),
        ("[]", "expected"),
        ({**QUESTION, "at": "2026-06-15T10:00:00"}, "at: "),
        ({**QUESTION, "colour": "red"}, "colour"),
        ({"represented": "p1"}, "representative"),
    ],
)
def test_a_wrong_question(facts: Path, question: dict[str, Any] | str, said: str) -> None:
    told = explained("--facts", str(facts), question=question)
    assert told.exit_code == 2
    assert "--question" in told.output
    assert said in told.output


def test_facts_or_a_graph(facts: Path) -> None:
    told = explained("--facts", str(facts), "--graph", "somewhere")
    assert told.exit_code == 2
    assert "either --facts or --graph" in told.output


def test_every_text_is_there_in_both_languages() -> None:
    told: list[Mapping[Language, object]] = [*_WORDS.values(), *_SAID.values(), *_LOOKS.values(), *_LEARNT.values()]
    for texts in told:
        assert texts.keys() == {"nl", "en"}
        assert all(texts.values())
    assert all(text.nl and text.en and text.law for text in about.ABOUT.values())
    assert all(text.nl and text.en and text.source for text in TEXTS.values())

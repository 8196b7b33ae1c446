"""Numbers and names planted through every door of a running server; then everything that it wrote is searched for them.

A number may be nowhere. A name is kept with the person in the graph, for display, and may be nowhere else.
"""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.numbers import VALID
from tests.resolvers.small import QUESTION
from tests.server.asking import SECONDS_MAX, served
from tests.server.cli.commands import machtigen
from tests.server.identity.test_roles import evaluation
from tests.server.test_running import small_world
from tests.tokens import NO_TOKEN, header, token

NAME: Final = "Xantippe-Planted"
NUMBER: Final = VALID[2]
KEY: Final = {"MACHTIGEN_BSN_KEY_1": "6b" * 32}
DECISION: Final = "query($q: Question!) { decision(question: $q) { id outcome reason } }"
RECORD: Final = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded userErrors { message } } }"


def plant(url: str) -> list[str]:
    """Put the number and the name wherever something can be put; every answer."""
    number, bare = f"bsn:{NUMBER}", NUMBER
    question = QUESTION | {"representative": number, "represented": f"bsn:{VALID[1]}"}
    bodies: list[dict[str, Any]] = [
        {"query": DECISION, "variables": {"q": question}},
        {"query": DECISION, "variables": {"q": question | {"id": bare}}},
        {"query": DECISION, "variables": {"q": question | {"id": number}}},
        {"query": DECISION, "variables": {"q": question | {"good": f"house {bare}"}}},
        {"query": DECISION, "variables": {"q": question | {"represented": bare}}},
        {"query": DECISION, "variables": {"q": question | {number: number}}},
        {"query": DECISION, "variables": {number: 1, "q": {"representative": number}}},
        {"query": f'{{ person(id: "{number}") {{ id }} }}'},
        {"query": f'{{ person(id: "{bare}") {{ id }} }}'},
        {"query": f"{{ {NAME.replace('-', '')} }} # {bare}"},
        {"query": "{ __typename }", "operationName": bare, "extensions": {"x": number}},
        {"query": RECORD, "variables": {"f": [{"fact": "person", "id": number, "born": "1980-01-01"}]}},
        {"query": RECORD, "variables": {"f": [{"fact": "person", "id": bare, "born": "1980-01-01"}]}},
        {"query": RECORD, "variables": {"f": [{"fact": "person", "id": "x1", "born": "1980-01-01", "name": number}]}},
        {"query": RECORD, "variables": {"f": [{"fact": "person", "id": "x2", "born": "1980-01-01", "name": NAME}]}},
        {"query": RECORD, "variables": {"f": [{"fact": "block", "id": "x3", "represented": bare, number: 1}]}},
    ]
    purposeful = {"machtigen-purpose": f"ticket {bare}", "traceparent": f"00-{bare}-x-01", "x-request-id": bare}
    answers = []
    with httpx.Client(base_url=url, timeout=SECONDS_MAX, auth=NO_TOKEN) as client:
        for body in bodies:
            for headers in (header("EXPLORER"), header("OPERATOR")):
                response = client.post("/graphql", json=body, headers=headers)
                answers.append(response.text)
        for said in ({"sub": bare}, {"sub": number}, {"party": bare}, {"machtigen_role": bare}, {"kid": bare}):
            headers = header("CITIZEN", **{"sub": "x", **said})
            answers.append(client.post("/graphql", json=bodies[0], headers=headers).text)
        answers += [
            client.post("/graphql", content=f'{{"query": {bare}, {NAME}', headers=header("EXPLORER")).text,
            client.get("/graphql", params={"query": DECISION, "variables": json.dumps({"q": question})}).text,
            client.post("/graphql", json=bodies[0], headers={"authorization": f"Bearer {bare}.{bare}.{bare}"}).text,
            client.get(
                "/graphql", params={"query": "{ __typename }", "access_token": token("EXPLORER", sub=NAME)}
            ).text,
            client.post("/access/v1/evaluation", json=evaluation(number, VALID[1]), headers=header("EXPLORER")).text,
            client.post("/access/v1/evaluation", json=evaluation(bare, "x", bare), headers=header("EXPLORER")).text,
            client.get(f"/{bare}").text,
            client.get(f"/dev/token?sub={bare}").text,
            client.get("/metrics").text,
        ]
        # the request id is echoed to whoever sent it, and kept nowhere
        client.post("/graphql", json=bodies[0], headers=header("EXPLORER") | purposeful)
        client.post("/access/v1/evaluation", json=evaluation(number, "x"), headers=header("EXPLORER") | purposeful)
    return answers


def holding(folder: Path, text: str) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.mark.parametrize("options", [("--workers", "2"), ("--dev",)], ids=["production", "development"])
async def test_a_number_is_nowhere_and_a_name_only_with_its_person(tmp_path: Path, options: tuple[str, ...]) -> None:
    graph = await small_world(tmp_path / "g")
    with served(graph, *options, **KEY) as (url, process):
        answers = plant(url)
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        (tmp_path / "log").write_text(process.stdout.read())
    assert any('"PERMIT"' in answer or '"DENY"' in answer for answer in answers), "the doors were open"
    for answer in answers:
        told = answer.replace(f'"id":"{NUMBER}"', "")  # the question's own id, to whoever sent it
        assert NUMBER not in told, told
    exported = machtigen("export", "--graph", graph).out
    assert NAME in exported
    for command in (("verify",), ("stats",), ("audit", "verify"), ("audit", "export")):
        done = machtigen(*command, "--graph", graph)
        (tmp_path / "-".join(command)).write_text(done.out + done.err)
    assert NUMBER not in exported
    assert holding(tmp_path, NUMBER) == []
    # with the person it is about, for display; a name in a text that a caller states nobody can tell from other words
    assert [Path(path).name for path in holding(tmp_path, NAME)] == ["g"]


def test_a_file_of_facts_with_a_number_is_refused_and_leaves_none(tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    facts.write_text(json.dumps({"fact": "person", "id": f"bsn:{NUMBER}", "born": "1980-01-01"}) + "\n")
    done = machtigen("import", str(facts), "--graph", str(tmp_path / "g"))
    assert done.status == 2
    assert NUMBER not in done.err
    assert holding(tmp_path, NUMBER) == [str(facts)]

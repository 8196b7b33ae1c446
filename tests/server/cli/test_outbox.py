from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.desk import Desk, desk_path
from graph.desk.outbox import About, put
from resolvers.office import message
from tests.desk_town import NOW
from tests.server.cli.commands import here, refused


@pytest.fixture
def graph(tmp_path: Path) -> str:
    """Beside it a desk whose outbox has one letter of each state."""
    path = str(tmp_path / "graph")
    desk = Desk(desk_path(path, {}))
    about = About(mandate="mandate/m", side="REPRESENTED", services=("zee/record",), valid_from=NOW, valid_until=None)
    letters = [message("GIVEN", person, about, number) for number, person in enumerate(("ria", "ingrid", "peter"))]
    with desk.database.transaction() as database:
        put(database, letters, NOW)
    desk.outbox.sent(letters[0].key, "LETTER", NOW)
    desk.outbox.failed(letters[1].key, "the letter service answered 422", None)
    desk.close()
    return path


def test_an_operator_sees_what_could_not_be_sent_and_sends_it_again(graph: str) -> None:
    told = here("outbox", "--graph", graph)
    assert told.status == 1, "something is to be looked at"
    assert told.out.splitlines()[0] == "1 wait, 1 sent in the last 30 days, 1 could not be sent"
    for shown in ("ingrid", "GIVEN", "the letter service answered 422"):
        assert shown in " ".join(told.out.split())
    found = json.loads(here("outbox", "--graph", graph, "--json").out)
    assert found["counts"] == {"WAITING": 1, "SENT": 1, "DEAD": 1}
    (dead,) = found["dead"]
    again = here("outbox", "--graph", graph, "--again", dead["key"][:12])
    assert (again.status, again.out) == (0, "1 to be sent again; the server does so within a second\n")
    told = here("outbox", "--graph", graph)
    assert (told.status, told.out) == (0, "2 wait, 1 sent in the last 30 days, 0 could not be sent\n")
    assert refused(here("outbox", "--graph", graph, "--again", "all")).endswith(
        "there is no such message that could not be sent"
    )


def test_where_there_is_no_desk(tmp_path: Path) -> None:
    assert "no mandate desk here" in refused(here("outbox", "--graph", str(tmp_path / "graph")))

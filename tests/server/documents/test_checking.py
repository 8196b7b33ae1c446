from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema, parse

from server.documents.checking import Checked, checked, deprecated
from server.documents.sources import sources

BUDGET = 2_000


def check(tmp_path: Path, text: str) -> Checked:
    (tmp_path / "a.graphql").write_text(text)
    found, wrong = sources([str(tmp_path)])
    assert not wrong
    (one,) = checked(found, BUDGET)
    return one


def test_what_an_operation_costs(tmp_path: Path) -> None:
    one = check(tmp_path, "query A($q: [Question!]!) { decisions(questions: $q) { grounds { id } } }")
    assert (one.name, one.type, one.depth, one.cost, one.cost_max, one.wrong) == ("A", "query", 3, 3, 3_000, [])
    record = check(tmp_path, "mutation B($f: [JSON!]!) { recordFacts(facts: $f) { asOf } }")
    assert (record.type, record.cost, record.cost_max, record.wrong) == ("mutation", 11, None, [])


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (
            "query A {\n  registers {\n    ids\n  }\n}",
            3,
            "Cannot query field 'ids' on type 'Register'.",
        ),
        ("\nquery A { ...F }", 2, "Unknown fragment 'F'."),
        ("query A { " + "__typename " * 21 + "}", 1, "operation A has 21 fields at the top, at most 20 are taken"),
        ("query A {\n providers(first: 101) { nodes { id } } }", 1, "providers takes at most 100 on a page"),
        ("query A {\n __schema { types { name } } }", 1, "it asks for the schema"),
        (
            "query A { registers { connectors { name } } " + "registers { connectors { name } } " * 19 + "}",
            1,
            "it costs",
        ),
        ('query A { person(id: "bsn:111111111") { id } }', 1, "this service is not configured to take a BSN"),
    ],
)
def test_what_would_be_refused(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    (wrong,) = check(tmp_path, text).wrong
    assert (Path(wrong.file).name, wrong.line) == ("a.graphql", line)
    assert wrong.sentence.startswith(sentence)
    assert "111111111" not in str(wrong)


def test_what_will_go_away_is_told() -> None:
    schema = build_schema('type Query { old: Int @deprecated(reason: "use new, before 2028"), new: Int }')
    (found,) = deprecated(schema, parse("{ old new }"))
    assert found.message == "The field Query.old is deprecated. use new, before 2028"

"""The few words under which requests are counted."""

from __future__ import annotations

import pytest

from schema.execution import operation_kind


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("{ registers { id } }", None, "registers"),
        ("{ mine: registers { id } yours: registers { id } }", None, "registers"),
        ("mutation { recordFacts(facts: []) { asOf } }", None, "recordFacts"),
        ("query A { registers { id } } query B { providers { nodes { id } } }", "B", "providers"),
        ("query A { registers { id } } query B { providers { nodes { id } } }", None, "refused"),
        ("query A { registers { id } }", "C", "refused"),
        ("{ registers { id } providers { nodes { id } } }", None, "several"),
        ("{ ...All } fragment All on Query { registers { id } }", None, "several"),
        ("{ __schema { types { name } } }", None, "introspection"),
        ("{ jan_jansen }", None, "refused"),
        ('{ person(id: "bsn:1") { id } }', None, "refused"),
        ("{", None, "refused"),
        ("fragment All on Query { registers { id } }", None, "refused"),
        ("{" * 20_000, None, "refused"),
    ],
)
def test_kinds(query: str, name: str | None, kind: str) -> None:
    assert operation_kind(query, name) == kind

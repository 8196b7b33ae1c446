from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.codes import FactType
from authority.facts import Fact
from graph.embedded import EmbeddedGraph
from graph.errors import BadInput
from graph.ledger import NOW, View
from resolvers.nodes import NODE_TYPES, Key, find_many, node_id, own_id, read_node_id


@given(st.sampled_from(sorted(NODE_TYPES)), st.from_regex(r"[A-Za-z0-9._:/-]{1,128}", fullmatch=True))
def test_a_node_id_is_read_back_and_is_no_opaque_id(type_name: str, thing: str) -> None:
    text = node_id(type_name, thing)
    assert text.startswith("~")
    assert read_node_id(text) == (type_name, thing)
    assert own_id(text, "id", type_name) == thing
    assert own_id(thing, "id", type_name) == thing


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with suppress(BadInput):
        type_name, _ = read_node_id(f"~{text}")
        assert type_name in NODE_TYPES
    with pytest.raises(BadInput):
        read_node_id(text.lstrip("~"))


def test_the_node_id_of_another_type_is_refused() -> None:
    with pytest.raises(BadInput, match="the id of a Person"):
        own_id(node_id("Provider", "h1"), "representative", "Person")


async def test_things_are_read_together(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[tuple[FactType, list[str]]] = []
    read = ledger.find

    async def counted(fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        reads.append((fact_type, list(ids)))
        return await read(fact_type, ids, view)

    monkeypatch.setattr(ledger, "find", counted)
    keys = [Key("person", "mother"), Key("provider", "h1"), Key("person", "nobody"), Key("person", "child")]
    found = await find_many(ledger, keys)
    assert [fact.id if fact else None for fact in found] == ["mother", "h1", None, "child"]
    assert reads == [("person", ["mother", "nobody", "child"]), ("provider", ["h1"])]

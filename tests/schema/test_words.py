from __future__ import annotations

import pytest
from graphql import GraphQLEnumType

from authority.reasons import OUTCOME_OF
from schema.api import api_schema
from schema.words import _enum

ENUMS = [
    each
    for name, each in api_schema._schema.type_map.items()
    if isinstance(each, GraphQLEnumType) and "__" not in name  # introspection's and the federation's own
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.name)
def test_every_word_is_described(enum: GraphQLEnumType) -> None:
    assert enum.description
    assert not [name for name, value in enum.values.items() if not value.description]


def test_reasons_are_those_of_the_law_in_their_order() -> None:
    reasons = api_schema._schema.type_map["ReasonCode"]
    assert isinstance(reasons, GraphQLEnumType)
    assert list(reasons.values) == list(OUTCOME_OF)


def test_a_word_without_description_is_refused() -> None:
    from authority.codes import Exercise

    with pytest.raises(AssertionError, match="JOINT"):
        _enum("Exercise2", "", Exercise, {"SOLE": "alone"})

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import BadInput
from resolvers.paging import checked, cursor_of, keys_of


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8")), min_size=1, max_size=3))
def test_a_cursor_is_read_back(keys: list[str]) -> None:
    assert keys_of("list", cursor_of("list", *keys), len(keys)) == keys


def test_no_cursor_is_the_beginning() -> None:
    assert keys_of("list", None, 2) == ["", ""]


@pytest.mark.parametrize(
    "cursor", ["", "!", "p1", "WyJh", "é", cursor_of("other", "p1"), cursor_of("list", "p1", "p2"), cursor_of("list")]
)
def test_another_text_is_no_cursor(cursor: str) -> None:
    with pytest.raises(BadInput) as refused:
        keys_of("list", cursor, 1)
    assert refused.value.problems[0].field == "after"


@pytest.mark.parametrize("first", [0, -1, 101, 2**31])
def test_a_page_that_is_too_large_is_refused_not_cut(first: int) -> None:
    with pytest.raises(BadInput) as refused:
        checked(first)
    assert refused.value.problems[0].field == "first"


def test_page_sizes() -> None:
    assert (checked(None), checked(1), checked(100)) == (50, 1, 100)

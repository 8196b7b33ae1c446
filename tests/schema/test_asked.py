"""The short way of reading a question says the same as the whole one, and never more."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.errors import BadInput
from schema import words
from schema.decisions import _plain, _read
from schema.errors import BsnNotConfigured
from tests.resolvers.small import A_NUMBER

LEVELS = list(vars(words)["Assurance"])
NOW = 1_780_000_000_000_000
ids = st.one_of(
    st.sampled_from(
        [
            "p1",
            "h1/record",
            "record",
            "bsn:000000012",
            A_NUMBER,
            A_NUMBER[:-1],
            A_NUMBER + "/x",
            "~UGVyc29uOnAx",
            "",
            "p 1",
            "p1\n",
            "é",
            "x" * 129,
        ]
    ),
    st.text("ab:/.-_\n 1~", max_size=6),
)
seldom = st.none() | st.sampled_from(["2026-06-15T10:00:00Z", "x"])


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {name: draw(ids) for name in ("representative", "represented", "provider", "service")}
    made["assurance"] = draw(st.sampled_from(LEVELS))
    for name in ("id", "at", "knownAt", "organisation", "good"):
        if draw(st.booleans()):
            made[name] = draw(seldom)
    return made


@given(said())
def test_the_short_way_says_the_same(fields: dict[str, Any]) -> None:
    short = _plain(fields, NOW)
    if short is not None:
        assert short == _read("", NOW, fields)


@given(said())
def test_what_is_refused_the_short_way_does_not_take(fields: dict[str, Any]) -> None:
    try:
        whole = _read("", NOW, fields)
    except (BadInput, BsnNotConfigured):
        assert _plain(fields, NOW) is None
    else:
        plainly = all(fields.get(name) is None for name in ("id", "at", "knownAt", "organisation", "good"))
        if plainly and not any(str(fields[name]).startswith("~") for name in ("representative", "represented")):
            assert (_plain(fields, NOW) or whole) == whole

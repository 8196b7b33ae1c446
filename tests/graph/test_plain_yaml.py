"""YAML without surprises: what it says, or one problem with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import Problem
from graph.plain_yaml import DEPTH_MAX, Read

characters = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "))
"""Those that YAML and JSON both have as they are."""
plain: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | characters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(characters, inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_json_is_read_as_json(value: Any) -> None:
    assert Read(json.dumps(value, ensure_ascii=False)).value == value


@given(plain)
def test_what_a_yaml_writer_writes_is_read(value: Any) -> None:
    text = yaml.safe_dump(value, default_style='"', allow_unicode=True)
    if "!!" not in text:  # it tags what is no text
        assert Read(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("born: 2015-03-01", {"born": "2015-03-01"}),
        ("at: 2026-11-27T12:00:00+01:00", {"at": "2026-11-27T12:00:00+01:00"}),
        ("a: no", {"a": "no"}),
        ("a: [true, false, True, yes]", {"a": [True, False, "True", "yes"]}),
        ("a: [0x10, 1_000, 1e3, 1:30, 07, -5]", {"a": ["0x10", "1_000", "1e3", "1:30", 7, -5]}),
        ('a: ["true", "1", ""]', {"a": ["true", "1", ""]}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("", None),
        ("# nothing", None),
        ("a: |\n  2\n", {"a": "2\n"}),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert Read(text).value == value


def test_lines() -> None:
    read = Read("facts:\n  - {a: 1}\n\n  - a: 2\n    b: [x]\n")
    assert isinstance(read.value, dict)
    first, second = read.value["facts"]
    assert [read.line_of(each) for each in (read.value, read.value["facts"], first, second, second["b"])] == [
        1,
        2,
        2,
        4,
        5,
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: &x 1\nb: *x", "MALFORMED", 1),
        ("a: 1\nb: &x [1]", "MALFORMED", 2),
        ("a: 1\n? [b]\n: c", "MALFORMED", 2),
        ("a: !!python/object:os.system x", "MALFORMED", 1),
        ("a: 1\nb: 2\na: 3", "DUPLICATE_FIELD", 3),
        ("a: 1\n---\nb: 2", "MALFORMED", 2),
        ("a: [1\nb: 2", "MALFORMED", 2),
        ("a: \x07", "MALFORMED", 1),
        ("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1), "MALFORMED", 1),
        ("[" * 200_000, "MALFORMED", 1),
    ],
)
def test_what_is_refused(text: str, code: str, line: int) -> None:
    with pytest.raises(Problem) as refused:
        Read(text)
    assert (refused.value.code, refused.value.line) == (code, line)

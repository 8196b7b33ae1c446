from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from graphql import parse, print_ast

from server.documents.sources import APOLLO, hash_of, sources

ONE = "# a remark\nquery One { registers { id } }\n"
TWO = "query A { registers { ...F } }\n\nquery B { __typename }\nfragment F on Register { ...G }\n"
G = "fragment G on Register { id }\n"


def test_a_file_with_one_operation_is_taken_to_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "one.graphql"
    file.write_text(ONE)
    (found,), wrong = sources([str(file)])
    assert not wrong
    assert (found.text, found.name, found.line, found.whole) == (ONE, "One", 2, True)
    assert found.hash == sha256(file.read_bytes()).hexdigest()


def test_an_operation_takes_the_fragments_that_it_needs_from_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "two.gql").write_text(TWO)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/g.graphql").write_text(G)
    found, wrong = sources([str(tmp_path)])
    assert not wrong
    assert [(each.name, each.line, each.whole) for each in found] == [("A", 1, False), ("B", 3, False)]
    assert found[0].text == print_ast(
        parse("query A { registers { ...F } }" + TWO.rpartition("\n\n")[2].partition("\n")[2] + G)
    )
    assert "fragment" not in found[1].text


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.graphql": "query {\n  a {\n"}, "a.graphql:3: Syntax Error: Expected Name, found <EOF>."),
        ({"a.graphql": G, "b.graphql": G}, "b.graphql:1: fragment G is there twice"),
        ({"a.graphql": "type A { b: Int }"}, "a.graphql:1: operations and fragments are expected, no schema"),
        ({"a.graphql": "{ a }\nquery B { b }"}, "a.graphql:1: one of several operations in a file needs a name"),
        ({"a.json": "{\n!"}, "a.json:2: JSON is expected"),
        ({"a.json": "[]"}, f"a.json:1: an object from hash to document is expected, or format {APOLLO}"),
        ({"a.json": '{"format": "x", "operations": []}'}, "a.json:1: an object from hash"),
        ({"a.json": '{"operations": 3}'}, "a.json:1: an object from hash"),
        ({"a.json": '{\n"0123456789abcdef0": "{ a }"}'}, "a.json:2: 0123456789abcdef is not the sha256"),
        ({"a.txt": "{ a }"}, ": no .graphql, .gql or .json file in this folder"),
        ({"a.graphql": "\xff".encode("latin-1").decode("latin-1")}, "a.graphql:1: Syntax Error"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    _, wrong = sources([str(tmp_path)])
    assert len(wrong) == 1
    assert str(wrong[0]).removeprefix(f"{tmp_path}/").removeprefix(str(tmp_path)).startswith(expected)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.graphql").write_bytes(b"\xff\xfe{ a }")
    _, wrong = sources([str(tmp_path / "none.graphql"), str(tmp_path / "bytes.graphql"), str(tmp_path / "none.txt")])
    said = sorted(each.sentence for each in wrong)
    assert said == [
        "No such file or directory",
        "UTF-8 text expected",
        "a .graphql, .gql or .json file is expected, or a folder of them",
    ]


def test_lists_as_tools_write_them(tmp_path: Path) -> None:
    plain = {hash_of(ONE): ONE, f"sha256:{hash_of(G)}": G}
    (tmp_path / "persisted-documents.json").write_text(json.dumps(plain, indent=2))
    entries = [{"id": hash_of(ONE), "body": ONE, "name": "One", "type": "query"}]
    (tmp_path / "apollo.json").write_text(json.dumps({"format": APOLLO, "version": 1, "operations": entries}))
    found, wrong = sources([str(tmp_path)])
    assert not wrong
    assert [(Path(each.file).name, each.name, each.line, each.text) for each in found] == [
        ("apollo.json", "One", 1, ONE),
        ("persisted-documents.json", "One", 2, ONE),
        ("persisted-documents.json", "", 3, G),
    ]

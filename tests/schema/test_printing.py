from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from schema import printing

BEFORE = "type Query { a: Int b(c: Int): Int }"


def test_the_committed_schema_is_the_codes() -> None:
    assert printing.SDL.read_text() == printing.printed()


@pytest.mark.parametrize(
    ("after", "breaks"),
    [
        ("type Query { a: Int b(c: Int): Int d: Int }", []),
        ("type Query { a: Int! b(c: Int): Int }", []),
        ("type Query { b(c: Int): Int }", ["Field Query.a was removed."]),
        ("type Query { a: Int b(c: Int!): Int }", ["Argument Query.b(c:) has changed type from Int to Int!."]),
    ],
)
def test_what_breaks_clients(after: str, breaks: list[str]) -> None:
    assert printing.undeclared(BEFORE, after, "") == breaks


def test_a_declared_break_is_allowed() -> None:
    after = "type Query { b(c: Int): Int }"
    assert printing.undeclared(BEFORE, after, "* `Field Query.a was removed.` Since 2027: ask b.") == []
    assert printing.undeclared(BEFORE, after, "Field Query.a was removed.") != []


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The committed file, its declarations and its history (none) in a folder of their own."""
    for name, path in (("HERE", tmp_path), ("SDL", tmp_path / "schema.graphql"), ("DECLARED", tmp_path / "b.md")):
        monkeypatch.setattr(printing, name, path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(printing.main, arguments)
    return done.exit_code, done.stderr


def test_the_check_refuses_a_file_that_is_not_the_codes(elsewhere: Path) -> None:
    assert run("--check")[0] == 1
    assert run() == (0, "")
    assert run("--check") == (0, "")
    sdl = elsewhere / "schema.graphql"
    sdl.write_text(sdl.read_text().replace("requiredConsents: [ID!]!", "requiredConsents: [ID!]"))
    status, said = run("--check")
    assert status == 1
    assert "make schema" in said


def test_the_writer_refuses_an_undeclared_break_and_leaves_the_file(elsewhere: Path) -> None:
    sdl = elsewhere / "schema.graphql"
    last = 'silent too long."""\n  staleRegisters: [ID!]!\n'
    had_more = printing.printed().replace(last, f"{last}\n  gone: Int\n")
    sdl.write_text(had_more)
    status, said = run()
    assert status == 1
    assert "Field Decision.gone was removed." in said
    assert sdl.read_text() == had_more
    (elsewhere / "b.md").write_text("`Field Decision.gone was removed.`")
    assert run() == (0, "")
    assert sdl.read_text() == printing.printed()


def test_the_check_sees_a_break_that_was_committed_by_hand(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "schema.graphql").write_text(printing.printed())
    older = printing.printed().replace("  staleRegisters: [ID!]!\n", "  staleRegisters: [ID!]!\n\n  gone: Int\n")
    monkeypatch.setattr(printing, "committed", lambda: iter([printing.printed(), older]))
    status, said = run("--check")
    assert status == 1
    assert "Field Decision.gone was removed." in said


def test_the_history_is_read_from_git() -> None:
    for text in printing.committed():
        assert "type Query" in text

"""`machtigen test`: 0 as expected, 1 not, 2 a file that is wrong or could never fail."""

from __future__ import annotations

import json
from pathlib import Path

from tests.resolvers.small import FACTS, QUESTION
from tests.server.cli.commands import machtigen, refused

EXAMPLE = Path(__file__).parent.parent.parent.parent / "examples/family.cases.yaml"


def test_the_example(tmp_path: Path) -> None:
    told = machtigen("test", str(EXAMPLE))
    assert (told.status, told.err) == (0, "")
    assert told.out.splitlines()[-1] == "5 cases: 5 as expected, 0 not"
    other = tmp_path / "other.cases.yaml"
    other.write_text(EXAMPLE.read_text().replace("required_consents: [mark]", "required_consents: [court]"))
    told = machtigen("test", str(EXAMPLE), str(other))
    assert told.status == 1
    assert '    required_consents: expected ["court"], found ["mark"]' in told.out.splitlines()
    assert told.out.splitlines()[-1] == "10 cases: 9 as expected, 1 not"


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    case = {"name": "mother", "question": QUESTION, "expect": {"outcome": "DENY"}}
    path.write_text("".join(json.dumps(line) + "\n" for line in [*FACTS, case]))
    told = machtigen("test", "--json", str(path))
    assert told.status == 1
    assert json.loads(told.out) == [
        {
            "file": str(path),
            "line": len(FACTS) + 1,
            "name": "mother",
            "outcome": "PERMIT",
            "reason": "PARENTAL_AUTHORITY",
            "as_expected": False,
            "differences": [{"field": "outcome", "expected": "DENY", "found": "PERMIT"}],
        }
    ]


def test_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.cases.yaml"
    for text, line, said in (
        ("facts:\n\n  - {fact: person, id: a}", 3, "born: found nothing"),
        (f"cases:\n  - question: {json.dumps(QUESTION)}", 2, "expect: found none"),
        ("facts: []", 1, "cases: found none"),
        ("\xe9".encode("latin-1"), 1, "found bytes that are no UTF-8"),
    ):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        assert f"{path}:{line}: {said}" in refused(machtigen("test", str(path)))

"""The house keeps its rules: names that are ours alone, folders that are announced, licence and language notes."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from graph.pseudonyms import passes_eleven_test
from tests.numbers import VALID

ROOT = Path(__file__).parent.parent
_NINE_DIGITS = re.compile(r"(?<![0-9A-Za-z.])\d{9}(?![0-9A-Za-z])", re.ASCII)
ROOMS = ("authority", "graph", "schema", "resolvers", "server", "simulator", "loadtests")
WITHOUT_CODE = ("docs", "examples", "deploy")


@pytest.mark.parametrize("name", [*ROOMS, "tests"])
def test_top_level_name_is_ours(name: str) -> None:
    # PyPI has a `schema` and Ciw's wheel a `tests`; installed, they would silently replace ours (style.md chapter 7)
    provided = [d for d in packages_distributions().get(name, []) if d != "machtigen"]
    assert not provided, f"the installed distribution {provided[0]} provides a package named {name}"
    spec = find_spec(name)
    assert spec is not None
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or [])
    assert places
    assert all(Path(place).is_relative_to(ROOT) for place in places)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_every_top_level_folder_is_explained() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    folders = {name.split("/")[0] for name in tracked() if "/" in name}
    unexplained = {folder for folder in folders if f"`{folder}/`" not in page}
    assert not unexplained


@pytest.mark.parametrize("folder", WITHOUT_CODE)
def test_folder_holds_no_importable_code(folder: str) -> None:
    assert not [name for name in tracked() if name.startswith(f"{folder}/") and name.endswith("__init__.py")]


def test_no_number_that_could_be_somebodys_stands_outside_the_marked_set() -> None:
    # the official cases have the numbers that are given out for tests; nobody's ever began with four zeros
    others = {"tests/cases/parental_authority.jsonl", "tests/numbers.py"}
    found = []
    for name in tracked():
        if name in others or "/web/graphiql/assets/" in name:
            continue
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [
            (name, each) for each in _NINE_DIGITS.findall(text) if passes_eleven_test(each) and each[:4] != "0000"
        ]
    assert not found


def test_the_marked_numbers_are_valid_and_few() -> None:
    assert all(map(passes_eleven_test, VALID))
    assert len(VALID) <= 5

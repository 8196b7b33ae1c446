"""Every request of `examples/*.http`, sent in order as an editor sends it, over the demo's town."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.examples.conftest import EXAMPLES
from tests.server.asking import SECONDS_MAX, served
from tests.server.explorer.duinstad import load

ANSWERS: dict[str, list[Any]] = {
    "questions.http": [
        "access_token",
        {"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY"},
        {"id": "lotte", "name": "Lotte de Vries"},
        {"id": "treatment", "outcome": "CONSENT_REQUIRED", "requiredConsents": ["mark"]},
        {"id": "zeeduin", "live": True},
        {"code": "FORBIDDEN"},
    ],
    "authzen.http": [
        "access_token",
        "access_evaluation_endpoint",
        {"decision": True},
        {"type": "person", "id": "lotte"},
    ],
    "mandate.http": [
        "access_token",
        "access_token",
        {"status": "REQUESTED"},
        {"status": "ACTIVE"},
        {"outcome": "PERMIT", "reason": "VOLUNTARY_MANDATE"},
        {"userErrors": []},
        {"outcome": "DENY", "reason": "WITHDRAWN"},
    ],
}
"""What stands somewhere in the answer to each request."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    load(str(tmp_path / "graph"), tmp_path)
    with served(str(tmp_path / "graph"), "--dev") as (url, _):
        yield url


def test_every_file_is_here() -> None:
    assert {path.name for path in EXAMPLES.glob("*.http")} == set(ANSWERS)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_each_request_works(site: str, name: str) -> None:
    variables: dict[str, Any] = {"host": site}
    answered = []
    with httpx.Client(timeout=SECONDS_MAX) as client:
        for block in re.split(r"(?m)^###.*$", (EXAMPLES / name).read_text(encoding="utf-8"))[1:]:
            request, label = parsed(block, variables)
            response = client.send(request)
            answered.append(response.json())
            if label:
                variables[label] = {"response": {"body": response.json()}}
    assert len(answered) == len(ANSWERS[name])
    for body, expected in zip(answered, ANSWERS[name], strict=True):
        assert has(body, expected), (expected, body)


def parsed(block: str, variables: dict[str, Any]) -> tuple[httpx.Request, str]:
    """The request, and the name that its answer goes by."""
    label = "".join(re.findall(r"(?m)^# @name (\w+)$", block))
    text = re.sub(r"(?m)^#.*\n", "", block).strip()
    text = re.sub(r"\{\{([\w.]+)\}\}", lambda found: value(found[1], variables), text)
    head, _, body = text.partition("\n\n")
    first, *headers = head.splitlines()
    method, _, url = first.partition(" ")
    return httpx.Request(method, url, headers=dict(each.split(": ", 1) for each in headers), content=body), label


def value(path: str, variables: Any) -> str:
    for name in path.split("."):
        variables = variables[name]
    return str(variables)


def has(body: Any, expected: Any) -> bool:
    """Whether an object in it has these members, or this name."""
    if isinstance(body, list):
        return any(has(each, expected) for each in body)
    if not isinstance(body, dict):
        return False
    if isinstance(expected, str):
        here = expected in body
    else:
        here = all(name in body and body[name] == found for name, found in expected.items())
    return here or any(has(each, expected) for each in body.values())

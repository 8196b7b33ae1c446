from __future__ import annotations

import pytest

from schema.context import preferred_language


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "NL"),
        ("nl", "NL"),
        ("en", "EN"),
        ("en-GB,en;q=0.9,nl;q=0.8", "EN"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "NL"),
        ("de, en;q=0.5", "EN"),
        ("de", "NL"),
        ("*", "NL"),
        ("EN", "EN"),
        ("en;q=0", "NL"),
        ("en;q=x, nl", "NL"),
        (";;,,q=1", "NL"),
    ],
)
def test_accept_language(accept: str, language: str) -> None:
    assert preferred_language(accept) == language

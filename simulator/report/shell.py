"""What every report is set in: one file of HTML with its style, sections with links to them, no network, no script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

_STYLE: Final = Path(__file__).with_name("style.css")
_ICON: Final = "data:,"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Whatever the page holds, a browser fetches nothing and runs nothing."""


def shell(kind: str, title: str, about: str, sections: Sequence[tuple[str, str, str]], foot: str) -> str:
    """`sections`: key, name, HTML; one without HTML is left out. `about` and `foot` are HTML, the others text."""
    shown = [(key, name, body) for key, name, body in sections if body]
    links = "".join(f'<a href="#{key}">{escape(name)}</a>' for key, name, _ in shown)
    body = "".join(f'<section id="{key}"><h2>{escape(name)}</h2>{inside}</section>' for key, name, inside in shown)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<link rel="icon" href="{_ICON}"><title>{escape(title)}</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f'<body><header><p class="kind">{escape(kind)}</p><h1>{escape(title)}</h1>{about}'
        f"<nav>{links}</nav></header><main>{body}</main>{foot}</body></html>\n"
    )

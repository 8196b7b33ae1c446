"""`/dev/outbox`: what letters and e-mails went out, as their readers get them; only with --dev, and for a demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from authority.moments import AMSTERDAM
from graph.desk.outbox import Message
from graph.ledger import Ledger
from resolvers.office import Office
from server.desk.running import names_of
from server.desk.texts import Language, Text, letter_of, mail_of

PATH: Final = "/dev/outbox"
_STYLE: Final = Path(__file__).with_name("outbox.css")
_SHOWN: Final = 100
_STATES: Final = {"WAITING": "wacht · waiting", "SENT": "verstuurd · sent", "DEAD": "niet verstuurd · not sent"}
_MEANS: Final = {"LETTER": "brief · letter", "EMAIL": "e-mail", "PAGE": "brief · letter", None: ""}


def outbox_route(ledger: Callable[[], Ledger], office: Callable[[], Office | None]) -> Route:
    """GET shows it, newest first."""

    async def endpoint(_: Request) -> Response:
        desk = office()
        messages = desk.desk.outbox.listed(limit=_SHOWN) if desk is not None else []
        written = [await _message(ledger(), desk, message) for message in messages if desk is not None]
        return Response("".join(_page(written)), media_type="text/html; charset=utf-8")

    return Route(PATH, endpoint, methods=["GET"])


async def _message(ledger: Ledger, office: Office, message: Message) -> str:
    names = await names_of(ledger, message.about.services)
    code = None
    if message.means == "EMAIL":
        texts: dict[Language, Text] = {language: mail_of(message, language) for language in ("nl", "en")}
    else:
        code = office.codes.code_of(message.about.mandate) if message.kind == "CODE" and office.codes else None
        if message.kind == "CODE" and code is None:
            return ""
        texts = letter_of(message, names, code)
    made = datetime.fromtimestamp(message.made_at / 1_000_000, UTC).astimezone(AMSTERDAM)
    state = f'<span class="{message.state.lower()}">{_STATES[message.state]}</span>'
    said = " · ".join(each for each in (f"{made:%d-%m-%Y %H:%M}", _MEANS[message.means]) if each)
    head = f"<p><span>aan · to <b>{escape(message.recipient)}</b> · {said}</span>{state}</p>"
    problem = f'<p class="problem">{escape(message.problem)}</p>' if message.problem else ""
    sides = "".join(_text(language, text, code) for language, text in texts.items())
    return f"<article><header>{head}{problem}</header>{sides}</article>"


def _text(language: Language, text: Text, code: str | None) -> str:
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in text.paragraphs)
    if code is not None:
        paragraphs = paragraphs.replace(code, f"<code>{code}</code>")
    return f'<section lang="{language}"><h2>{escape(text.subject)}</h2>{paragraphs}</section>'


def _page(messages: list[str]) -> Iterator[str]:
    yield '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<title>Machtigen · Postvak uit</title><link rel="icon" href="/graphql/assets/icon.svg" type="image/svg+xml">'
    yield f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
    yield "<h1>Postvak uit <small>Outbox</small></h1>"
    yield "<p>Deze brieven gaan in het echt naar het adres van de ontvanger. Hier leest u ze zelf. "
    yield '<span lang="en">In real life these letters go to the recipient\'s address. Here you read them yourself. '
    yield "This page exists with <code>--dev</code> only.</span></p>"
    if not messages:
        yield "<p><b>Nog geen post.</b> Vraag een machtiging, en laad deze pagina opnieuw. "
        yield '<span lang="en"><b>No mail yet.</b> Ask for a mandate, and reload this page.</span></p>'
    yield from messages
    yield "</main></body></html>"

"""How a message goes out: by e-mail where an address is known, else by letter; one with a code by letter only.

No address is kept: the letter service and the contact service look them up by the person's opaque id.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, NamedTuple, cast

import httpx
import msgspec

from graph.desk import Codes
from graph.desk.outbox import Means, Message
from server.desk.texts import Language, Names, Text, letter_of, mail_of

_SECONDS_MAX: Final = 20.0
_LATER: Final = frozenset({408, 409, 425, 429})
"""Of the 400s, those that say: later. 409: the same letter is being taken in at this moment."""


class Later(Exception):
    """It has not gone; it may if it is tried again. One line that names nobody."""


class Never(Exception):
    """It will not go, however often it is tried. One line that names nobody."""


class Contact(msgspec.Struct, frozen=True):
    """Where a person reads e-mail, and in which language."""

    email: str
    language: Language = "nl"


class Letters(NamedTuple):
    """A letter service: POST of JSON with an `Idempotency-Key`, which it prints once however often it comes."""

    url: str
    token: str | None
    client: httpx.AsyncClient

    async def send(self, message: Message, names: Names, codes: Codes | None) -> None:
        """Raises Later, Never."""
        code = None
        if message.kind == "CODE":
            if codes is None:
                raise Later("no key for codes is configured")
            code = codes.code_of(message.about.mandate)
        texts = letter_of(message, names, code)
        body = {
            "recipient": message.recipient,
            "kind": message.kind,
            "texts": {language: _written(text) for language, text in texts.items()},
        }
        response = await _posted(self.client, self.url, self.token, body, message.key)
        _accepted(response, "the letter service")


class Contacts(NamedTuple):
    """A contact service: POST `{"person": id}` gives `{"email", "language"}`, or 404 for nobody it knows."""

    url: str
    token: str | None
    client: httpx.AsyncClient

    async def find(self, person: str) -> Contact | None:
        """Raises Later."""
        response = await _posted(self.client, self.url, self.token, {"person": person}, None)
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        if not response.is_success:
            raise Later(f"the contact service answered {response.status_code}")
        try:
            return msgspec.json.decode(response.content, type=Contact)
        except msgspec.MsgspecError:
            raise Later("the contact service gave no address in its answer") from None


class Mail(NamedTuple):
    """A mail server, over TLS from the first byte (`implicit`) or from STARTTLS on; never without."""

    host: str
    port: int
    implicit: bool
    sender: str
    user: str | None
    password: str | None
    trust: ssl.SSLContext

    async def send(self, message: Message, contact: Contact) -> None:
        """Raises Later, Never."""
        mail = self._written(message, contact)
        await asyncio.to_thread(self._send, mail)

    def _written(self, message: Message, contact: Contact) -> EmailMessage:
        text = mail_of(message, contact.language)
        mail = EmailMessage()
        try:
            mail["From"], mail["To"], mail["Subject"] = self.sender, contact.email, text.subject
        except ValueError:
            raise Never("the address is none") from None
        # the same however often it is sent, so that a receiver can tell it is the same
        mail["Message-ID"] = f"<{message.key}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        mail["Date"] = format_datetime(datetime.fromtimestamp(message.made_at / 1_000_000, UTC))
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = contact.language
        mail.set_content(text.body)
        return mail

    def _send(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise (Never if all(code >= 500 for code in codes) else Later)(
                f"the mail server refused it: {codes[0]}"
            ) from None
        except smtplib.SMTPAuthenticationError as refused:
            raise Later(f"the mail server refused our name and password: {refused.smtp_code}") from None
        except smtplib.SMTPResponseException as refused:
            raise (Never if refused.smtp_code >= 500 else Later)(
                f"the mail server answered {refused.smtp_code}"
            ) from None
        except (smtplib.SMTPException, OSError) as wrong:
            raise Later(f"the mail server cannot be reached: {type(wrong).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        if self.implicit:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS_MAX, context=self.trust)
        server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS_MAX)
        try:
            server.starttls(context=self.trust)
        except BaseException:
            server.close()
            raise
        return server


class Post(msgspec.Struct, frozen=True):
    """The ways that are configured. `page`: in the demo, where the page is the letter service."""

    letters: Letters | None = None
    mail: Mail | None = None
    contacts: Contacts | None = None
    page: bool = False

    @property
    def ready(self) -> bool:
        """Whether anything can go out at all."""
        return self.letters is not None or self.mail is not None or self.page

    @property
    def sends_letters(self) -> bool:
        """Whether a letter with a code can."""
        return self.letters is not None or self.page

    async def send(self, message: Message, names: Names, codes: Codes | None) -> Means:
        """How it went. Raises Later, Never."""
        contact = None
        if message.kind != "CODE" and self.mail is not None and self.contacts is not None:
            contact = await self.contacts.find(message.recipient)
        if contact is not None:
            await cast("Mail", self.mail).send(message, contact)
            return "EMAIL"
        if self.letters is not None:
            await self.letters.send(message, names, codes)
            return "LETTER"
        if self.page:
            return "PAGE"
        raise Never("no e-mail address is known, and no letter service is configured")


def _written(text: Text) -> Mapping[str, object]:
    return {"subject": text.subject, "paragraphs": list(text.paragraphs)}


async def _posted(
    client: httpx.AsyncClient, url: str, token: str | None, body: object, key: str | None
) -> httpx.Response:
    headers = {"content-type": "application/json", "accept": "application/json"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    if key is not None:
        headers["idempotency-key"] = key
    try:
        return await client.post(url, content=msgspec.json.encode(body), headers=headers, timeout=_SECONDS_MAX)
    except httpx.HTTPError as wrong:
        raise Later(f"a service cannot be reached: {type(wrong).__name__}") from None


def _accepted(response: httpx.Response, who: str) -> None:
    """Raises Later, Never."""
    if response.is_success:
        return
    status = response.status_code
    never = 400 <= status < 500 and status not in _LATER and status not in (401, 403)
    raise (Never if never else Later)(f"{who} answered {status}")

"""What an operator sets for the mandate desk, all in the environment (docs/mandates.md)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from authority.mandates import Terms
from authority.moments import duration
from graph.desk import Codes, NoCodeKey
from graph.desk.codes import DEV_KEY
from graph.registers.parts import BadConfiguration
from server.desk.post import Contacts, Letters, Mail, Post

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_PORTS: Final = {"smtp": 587, "smtps": 465}


class DeskFile(msgspec.Struct, frozen=True):
    """Where the desk is kept, and the environment that says the rest. `dev`: without secrets, letters to a page."""

    path: Path
    environment: Mapping[str, str]
    dev: bool = False

    def codes(self) -> Codes | None:
        """Raises BadConfiguration."""
        try:
            codes = Codes.from_environment(self.environment)
        except NoCodeKey as wrong:
            raise BadConfiguration(str(wrong)) from None
        return Codes(DEV_KEY) if codes is None and self.dev else codes

    def terms(self) -> Terms:
        """Raises BadConfiguration."""
        plain = Terms()
        return Terms(
            longest=self._duration("MACHTIGEN_MANDATE_LONGEST", plain.longest),
            code_valid=self._duration("MACHTIGEN_CODE_VALID", plain.code_valid),
        )

    def post(self, client: httpx.AsyncClient) -> Post:
        """Raises BadConfiguration."""
        letters, contacts = self._url("MACHTIGEN_LETTERS_URL"), self._url("MACHTIGEN_CONTACTS_URL")
        mail = self._mail()
        if (mail is None) != (contacts is None):
            raise BadConfiguration(
                "MACHTIGEN_SMTP_URL and MACHTIGEN_CONTACTS_URL: both or neither; who sends e-mail asks for addresses"
            )
        return Post(
            letters=Letters(letters, self.environment.get("MACHTIGEN_LETTERS_TOKEN"), client) if letters else None,
            mail=mail,
            contacts=Contacts(contacts, self.environment.get("MACHTIGEN_CONTACTS_TOKEN"), client) if contacts else None,
            page=self.dev and letters is None,
        )

    def _duration(self, name: str, otherwise: int) -> int:
        written = self.environment.get(name)
        if not written:
            return otherwise
        try:
            found = duration(written)
        except ValueError as wrong:
            raise BadConfiguration(f"{name}: {wrong}") from None
        if found <= 0:
            raise BadConfiguration(f"{name}: longer than nothing, such as P90D")
        return found

    def _url(self, name: str) -> str | None:
        written = self.environment.get(name)
        if not written:
            return None
        parts = urlsplit(written)
        if not parts.hostname or parts.scheme not in ("https", "http"):
            raise BadConfiguration(f"{name}: an https address is expected")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise BadConfiguration(f"{name}: https is needed, since who gets letters is nobody else's business")
        return written

    def _mail(self) -> Mail | None:
        written = self.environment.get("MACHTIGEN_SMTP_URL")
        if not written:
            return None
        try:
            parts = urlsplit(written)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        sender = self.environment.get("MACHTIGEN_MAIL_FROM", "")
        if parts.scheme not in _PORTS or not parts.hostname or parts.username or parts.password:
            raise BadConfiguration(
                "MACHTIGEN_SMTP_URL: smtp://HOST:PORT (STARTTLS) or smtps://HOST:PORT; name and password stand in"
                " MACHTIGEN_SMTP_USER and MACHTIGEN_SMTP_PASSWORD"
            )
        if "@" not in sender:
            raise BadConfiguration("MACHTIGEN_MAIL_FROM: the address that e-mail comes from is needed")
        return Mail(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            implicit=parts.scheme == "smtps",
            sender=sender,
            user=self.environment.get("MACHTIGEN_SMTP_USER"),
            password=self.environment.get("MACHTIGEN_SMTP_PASSWORD"),
            trust=self._trust(),
        )

    def _trust(self) -> ssl.SSLContext:
        """The machine's own certificates, and those in the file of MACHTIGEN_SMTP_CA."""
        trust = ssl.create_default_context()
        own = self.environment.get("MACHTIGEN_SMTP_CA")
        if own:
            try:
                trust.load_verify_locations(cafile=own)
            except (OSError, ssl.SSLError):
                raise BadConfiguration(f"MACHTIGEN_SMTP_CA: {own} has no certificates that can be read") from None
        return trust

"""Letters and e-mails go out: to a real mail server over TLS, and to a real letter service."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Received
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graph.embedded import EmbeddedGraph
from graph.registers.parts import BadConfiguration
from server.desk.running import TRIES_MAX, Rounds, checked, kept, next_try
from server.desk.settings import DeskFile
from tests.desk_town import HOUR, NOW, Town, citizen, town
from tests.graph.registers.serving import Handler, serving
from tests.server.asking import in_process

RECORD = 'service: "zee/record"'


class Mailbox:
    """What a mail server took in, and what it says to the next ones."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], Received]] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the base's name
        assert session.ssl is not None, "never in the clear"
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return answer


class Services:
    """A letter service that prints a letter once for each key, and a contact service."""

    def __init__(self) -> None:
        self.letters: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.answers: list[int] = []
        self.addresses: dict[str, dict[str, str]] = {}


def handler_of(services: Services) -> type[Handler]:
    class Own(Handler):
        def do_POST(self) -> None:  # noqa: N802 - the base's name
            said = json.loads(self.body())
            key = self.headers.get("idempotency-key", "")
            services.calls.append((self.path, key))
            if self.headers.get("authorization") != "Bearer secret":
                self.reply(b"{}", 401)
            elif self.path == "/contacts":
                found = services.addresses.get(said["person"])
                self.reply(json.dumps(found or {}).encode(), 200 if found else 404)
            else:
                status = services.answers.pop(0) if services.answers else 202
                # 0: the letter is printed, and the answer is lost
                if status in (0, 202):
                    services.letters.setdefault(key, said)
                self.reply(b"{}", status or 503)

    return Own


@contextmanager
def certificate(folder: Path) -> Iterator[tuple[ssl.SSLContext, Path]]:
    """A mail server's own, and the file that those who trust it read."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "smtp.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    yield context, pem


def _free_port() -> int:
    """The controller knocks at its own port to see whether it is open, so it must know it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def mail_server(box: Mailbox, context: ssl.SSLContext) -> Iterator[int]:
    def checked(server: Any, session: Any, envelope: Any, mechanism: str, said: Any) -> AuthResult:
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (b"machtigen", b"secret")
        return AuthResult(success=right)

    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=checked,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class World:
    def __init__(self, town: Town, services: Services, box: Mailbox, rounds: Rounds) -> None:
        self.town, self.services, self.box, self.rounds = town, services, box, rounds

    def waiting(self) -> dict[str, int]:
        return self.town.office.desk.outbox.counts()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Makes one; `mail`: with a mail server and a contact service too."""
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    here = await town(ledger, tmp_path / "desk.sqlite")
    services, box = Services(), Mailbox()

    @asynccontextmanager
    async def made(*, mail: bool) -> AsyncIterator[World]:
        with (
            serving(handler_of(services)) as url,
            certificate(tmp_path) as (context, pem),
            mail_server(box, context) as port,
        ):
            variables = {"MACHTIGEN_LETTERS_URL": f"{url}/letters", "MACHTIGEN_LETTERS_TOKEN": "secret"}
            if mail:
                variables |= {
                    "MACHTIGEN_SMTP_URL": f"smtp://127.0.0.1:{port}",
                    "MACHTIGEN_SMTP_USER": "machtigen",
                    "MACHTIGEN_SMTP_PASSWORD": "secret",
                    "MACHTIGEN_SMTP_CA": str(pem),
                    "MACHTIGEN_MAIL_FROM": "machtigen@example.org",
                    "MACHTIGEN_CONTACTS_URL": f"{url}/contacts",
                    "MACHTIGEN_CONTACTS_TOKEN": "secret",
                }
            async with httpx.AsyncClient() as client:
                post = DeskFile(here.path, variables).post(client)
                yield World(here, services, box, Rounds(ledger, here.office, post, lambda: here.clock))

    yield made
    here.close()
    await ledger.close()


async def test_the_code_goes_by_letter_and_what_happens_by_mail_where_one_is_known(world: Any) -> None:
    async with world(mail=True) as made:
        made.services.addresses = {"ria": {"email": "ria@example.org", "language": "nl"}}
        asked = await made.town.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
        await made.rounds.round()
        (letter,) = made.services.letters.values()
        code = made.town.code_in(asked["request"]["id"])
        assert (letter["recipient"], letter["kind"]) == ("ria", "CODE")
        for language in ("nl", "en"):
            assert sum(code in each for each in letter["texts"][language]["paragraphs"]) == 1
        assert "Mijn dossier (Zeeduin)" in letter["texts"]["nl"]["paragraphs"][2]
        assert made.box.received == []

        await made.town.activate(citizen("ingrid"), "ria", code)
        await made.rounds.round()
        ((to, mail),) = made.box.received
        assert to == ["ria@example.org"]
        body = mail.get_payload(decode=True).decode()
        for secret in (code, "zee", "dossier", "ria", "ingrid", "http"):
            assert secret.lower() not in body.lower(), secret
        # the helper has no address: a letter
        assert [each["kind"] for each in made.services.letters.values() if each["recipient"] == "ingrid"] == ["GIVEN"]
        assert made.waiting() == {"WAITING": 0, "SENT": 3, "DEAD": 0}


async def test_a_letter_whose_answer_was_lost_is_sent_again_and_printed_once(world: Any) -> None:
    async with world(mail=False) as made:
        made.services.answers = [0, 500, 429]
        await made.town.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
        for tries in (1, 2, 3, 4):
            await made.rounds.round()
            await made.rounds.round()
            assert len(made.services.calls) == tries, "not before its time"
            made.town.clock += HOUR
        assert made.waiting() == {"WAITING": 0, "SENT": 1, "DEAD": 0}
        assert len({key for _, key in made.services.calls}) == 1
        assert len(made.services.calls) == 4
        assert len(made.services.letters) == 1


async def test_what_can_never_go_is_dead_and_an_operator_sends_it_again(world: Any) -> None:
    async with world(mail=False) as made:
        made.services.answers = [422]
        await made.town.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
        await made.rounds.round()
        (dead,) = made.town.office.desk.outbox.listed("DEAD")
        assert dead.problem == "the letter service answered 422"
        await made.rounds.round()
        assert len(made.services.calls) == 1
        assert made.town.office.desk.outbox.again(dead.key, made.town.clock)
        await made.rounds.round()
        assert made.waiting() == {"WAITING": 0, "SENT": 1, "DEAD": 0}


async def test_a_mail_server_that_is_busy_is_tried_again_one_that_refuses_is_not(world: Any) -> None:
    async with world(mail=True) as made:
        made.services.addresses = {"ria": {"email": "ria@example.org"}}
        made.box.answers = ["451 later", "250 OK", "554 no"]
        await made.town.request(citizen("ria"), RECORD)
        await made.rounds.round()
        assert made.waiting()["WAITING"] == 1
        made.town.clock += HOUR
        await made.rounds.round()
        assert made.waiting() == {"WAITING": 0, "SENT": 1, "DEAD": 0}
        await made.town.request(citizen("ria"), RECORD)
        await made.rounds.round()
        (dead,) = made.town.office.desk.outbox.listed("DEAD")
        assert dead.problem == "the mail server answered 554"
        sent = made.town.office.desk.outbox.listed("SENT")[0]
        assert made.box.received[0][1]["Message-ID"] == f"<{sent.key}@example.org>"


async def test_a_mail_server_that_nobody_vouches_for_gets_nothing(world: Any) -> None:
    async with world(mail=True) as made:
        made.services.addresses = {"ria": {"email": "ria@example.org"}}
        post = made.rounds._post
        stranger = post.mail._replace(trust=ssl.create_default_context())
        made.rounds._post = msgspec.structs.replace(post, mail=stranger)
        await made.town.request(citizen("ria"), RECORD)
        await made.rounds.round()
        assert made.waiting()["WAITING"] == 1
        (message,) = made.town.office.desk.outbox.listed()
        assert message.problem == "the mail server cannot be reached: SSLCertVerificationError"
        assert made.box.received == []


def test_each_wait_is_longer_and_the_last_one_is_given_up() -> None:
    for tries in range(1, TRIES_MAX):
        waits = [next_try(tries, NOW) for _ in range(50)]
        assert all(each is not None for each in waits)
        assert len(set(waits)) > 1, "not all at once"
        assert all(15_000_000 <= (each or 0) - NOW <= 9 * HOUR for each in waits)
    assert next_try(TRIES_MAX, NOW) is None


async def test_the_desk_finishes_at_the_start_what_a_crash_left(tmp_path: Path) -> None:
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    here = await town(ledger, tmp_path / "desk.sqlite")
    done = await here.request(citizen("ria"), RECORD)

    async def dies(facts: object) -> object:
        raise KeyboardInterrupt

    append = ledger.append
    ledger.append = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        await here.activate(citizen("ingrid"), "ria", done["activationCode"])
    ledger.append = append  # type: ignore[method-assign]
    here.close()
    async with kept(DeskFile(here.path, {}, dev=True), ledger, lambda: here.clock, None):
        for _ in range(100):
            if await ledger.history("authority", done["request"]["id"]):
                break
            await asyncio.sleep(0.05)
    assert await here.decided("ingrid", "ria", "zee/record") == "PERMIT VOLUNTARY_MANDATE"
    await ledger.close()


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"MACHTIGEN_CODE_KEY": "zz"}, "MACHTIGEN_CODE_KEY: a key is written in hexadecimal digits"),
        ({"MACHTIGEN_CODE_KEY": "ab"}, "MACHTIGEN_CODE_KEY: a key is at least 32 bytes, as hexadecimal digits"),
        ({"MACHTIGEN_CODE_VALID": "90"}, "MACHTIGEN_CODE_VALID: a duration is ISO 8601"),
        ({"MACHTIGEN_MANDATE_LONGEST": "P0D"}, "MACHTIGEN_MANDATE_LONGEST: longer than nothing"),
        ({"MACHTIGEN_LETTERS_URL": "http://example.org/"}, "MACHTIGEN_LETTERS_URL: https is needed"),
        ({"MACHTIGEN_LETTERS_URL": "post"}, "MACHTIGEN_LETTERS_URL: an https address is expected"),
        ({"MACHTIGEN_SMTP_URL": "smtp://u:p@example.org"}, "MACHTIGEN_SMTP_URL: smtp://HOST:PORT (STARTTLS)"),
        ({"MACHTIGEN_SMTP_URL": "smtp://example.org"}, "MACHTIGEN_MAIL_FROM: the address"),
        (
            {"MACHTIGEN_SMTP_URL": "smtp://example.org", "MACHTIGEN_MAIL_FROM": "a@example.org"},
            "MACHTIGEN_SMTP_URL and MACHTIGEN_CONTACTS_URL: both or neither",
        ),
    ],
)
async def test_what_is_configured_wrong_is_said_in_one_line(
    variables: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadConfiguration, match=f"^{re.escape(says)}"):
        await checked(DeskFile(tmp_path / "desk", variables))


async def test_the_outbox_is_a_page_with_dev_only(tmp_path: Path) -> None:
    ledger = EmbeddedGraph.open(str(tmp_path / "graph"))
    here = await town(ledger, tmp_path / "desk.sqlite")
    asked = await here.request(citizen("ingrid"), f'{RECORD}, represented: "ria"')
    await here.look()
    here.close()
    async with in_process(
        ledger, dev=True, desk=DeskFile(here.path, {"MACHTIGEN_CODE_KEY": bytes(range(32)).hex()})
    ) as client:
        page = await client.get("/dev/outbox")
        assert page.status_code == 200
        assert here.code_in(asked["request"]["id"]) in page.text
        assert 'lang="nl"' in page.text
        metrics = (await client.get("/metrics")).text
        assert 'machtigen_outbox_messages{state="DEAD"} 0.0' in metrics
    async with in_process(ledger, desk=DeskFile(here.path, {})) as client:
        assert (await client.get("/dev/outbox")).status_code == 404
    await ledger.close()

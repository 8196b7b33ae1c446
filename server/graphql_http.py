"""GraphQL over HTTP at `/graphql`: POST for everything, GET for queries; with --dev the page that asks them.

https://graphql.github.io/graphql-over-http/draft/ (media types, status codes).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec
from graphql import OperationType
from starlette.types import Receive, Scope, Send

from graph.ledger import Ledger
from graph.pseudonyms import Pseudonyms
from resolvers.caller import NotIdentified
from resolvers.live import Live
from resolvers.office import Office
from resolvers.registers import Watch
from resolvers.statements import Signer
from schema.context import Context
from schema.documents import REFUSED
from schema.errors import Code, Refused, simple
from schema.execution import GraphQLRequest, GraphQLResponse, execute, stream
from server.beat import on_the_beat
from server.bodies import BrokenOff, TooLarge, body_of
from server.caching import Headers, cached, unchanged
from server.cross_site import PREFLIGHT, unasked
from server.documents.known import known
from server.graphql_sse import EVENT_STREAM, send_events
from server.http_settings import HttpSettings
from server.identity.door import EXPIRES, Door
from server.identity.errors import Unidentified
from server.metering import OPERATION, STREAM
from server.negotiation import JSON, RESPONSE_JSON, header, wanted
from server.replies import reply

_decode: Final = msgspec.json.Decoder(GraphQLRequest).decode
_object: Final = msgspec.json.Decoder(dict[str, Any] | None).decode
_encode: Final = msgspec.json.Encoder().encode

RESPONSE_BYTES_MAX: Final = 8 * 2**20
"""A thousand decisions with all that can be asked of them are a few megabytes."""
_STATUS: Final = {Code.BODY_TOO_LARGE: 413, Code.OPERATION_NOT_ALLOWED: 405, Code.BAD_REQUEST: 400}


class Refusal(Exception):
    """A request that is no GraphQL request: the status, and what is wrong with it."""

    def __init__(self, status: int, message: str, code: Code = Code.BAD_REQUEST, allow: str = "") -> None:
        self.status, self.code, self.allow = status, code, allow
        super().__init__(message)


class GraphQLEndpoint:
    """An ASGI application. `ledger` is asked for at each request: it is opened when the server starts."""

    def __init__(  # noqa: PLR0913 - each is another part of the server
        self,
        ledger: Callable[[], Ledger],
        *,
        door: Callable[[], Door],
        clock: Callable[[], int],
        page: bytes,
        dev: bool,
        watch: Callable[[], Watch | None] = lambda: None,
        office: Callable[[], Office | None] = lambda: None,
        signer: Signer | None = None,
        pseudonyms: Pseudonyms | None = None,
        http: HttpSettings = HttpSettings(),  # noqa: B008 - it cannot be changed
        live: Callable[[], Live | None] = lambda: None,
    ) -> None:
        self._ledger, self._door, self._clock, self._page, self._dev = ledger, door, clock, page, dev
        self._watch, self._office, self._signer, self._http, self._live = watch, office, signer, http, live
        self._pseudonyms = pseudonyms
        self._documents = known(http).document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        method = scope["method"]
        accepted = wanted(header(scope, b"accept"), html=method in ("GET", "HEAD"))
        try:
            if accepted is None:
                raise Refusal(406, f"this answers in {RESPONSE_JSON} or {JSON}")
            if self._dev and accepted == "text/html" and not scope["query_string"]:
                await reply(send, 200, "text/html; charset=utf-8", self._page)
                return
            if accepted == EVENT_STREAM:
                await self._stream(method, scope, receive, send)
                return
            status, body, extra = await self._answer(method, accepted, scope, receive)
        except Refused as refused:
            scope[OPERATION] = REFUSED
            status, body, extra = 400, _encode({"errors": [refused.told]}), []
        except Unidentified as refused:
            scope[OPERATION] = REFUSED
            status, body, extra = refused.status, *_unidentified(refused)
        except Refusal as refusal:
            scope[OPERATION] = REFUSED
            status, body = refusal.status, _encode({"errors": [simple(refusal.code, str(refusal))]})
            extra = [(b"allow", refusal.allow.encode())] if refusal.allow else []
        await reply(send, status, _media(accepted), body, extra)

    async def context(self, scope: Scope) -> Context:
        """What an operation of this request, or of this connection, is executed with. Raises Unidentified."""
        return Context(
            self._ledger(),
            caller=await self._door().caller(scope),
            accept_language=header(scope, b"accept-language"),
            clock=self._clock,
            dev=self._dev,
            watch=self._watch(),
            office=self._office(),
            signer=self._signer,
            pseudonyms=self._pseudonyms,
            live=self._live(),
            documents=self._documents,
        )

    async def _stream(self, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Every response as an event, for as long as the caller's token holds. Raises Refusal, Unidentified."""
        scope[OPERATION] = STREAM
        context = await self.context(scope)
        if context.caller.role is None:
            raise Unidentified(str(NotIdentified()), "")
        try:
            async with asyncio.timeout(self._http.seconds_max):
                request = await _request(method, scope, receive)
        except TimeoutError:
            raise _too_long(self._http.seconds_max, came=False) from None
        await send_events(receive, send, stream(request, context, mutations=method == "POST"), scope[EXPIRES])

    async def _answer(self, method: str, accepted: str, scope: Scope, receive: Receive) -> tuple[int, bytes, Headers]:
        """The status, the body, and headers. Raises Refusal, Unidentified."""
        began = time.perf_counter()
        context = await self.context(scope)
        request: GraphQLRequest | None = None
        try:
            async with asyncio.timeout(self._http.seconds_max):
                request = await _request(method, scope, receive)
                response = await execute(request, context, mutations=method == "POST")
        except TimeoutError:
            context.stop()
            raise _too_long(self._http.seconds_max, came=request is not None) from None
        if response.refused is Code.UNAUTHENTICATED:
            raise Unidentified(response.body["errors"][0]["message"], "")
        scope[OPERATION] = response.word
        body = _encode(response.body)
        await on_the_beat(context.caller, began)
        if len(body) > RESPONSE_BYTES_MAX:
            message = f"the answer has {len(body):,} bytes and may have {RESPONSE_BYTES_MAX:,}: ask for less at once"
            raise Refusal(500, message, Code.RESPONSE_TOO_LARGE)
        operation = response.operation
        if operation is None or operation.type is not OperationType.QUERY or "errors" in response.body:
            allow = response.refused is Code.OPERATION_NOT_ALLOWED
            return _status(response, accepted), body, [(b"allow", b"POST")] if allow else []
        headers = cached(context, operation, body, accepted, self._http.max_age_seconds)
        if method != "POST" and unchanged(headers[-1][1], header(scope, b"if-none-match")):
            return 304, b"", headers
        return 200, body, headers


def _too_long(seconds: float, *, came: bool) -> Refusal:
    if not came:
        return Refusal(408, f"the request did not come within {seconds:g} s", Code.TIMEOUT)
    message = f"it took more than {seconds:g} s and was stopped; of a mutation it is not known whether it was done"
    return Refusal(504, message, Code.TIMEOUT)


def _unidentified(refused: Unidentified) -> tuple[bytes, Headers]:
    """RFC 6750 chapter 3, with a GraphQL error as its body."""
    code = Code.IDENTITY_UNAVAILABLE if refused.status == HTTPStatus.SERVICE_UNAVAILABLE else Code.UNAUTHENTICATED
    body = _encode({"errors": [simple(code, refused.why)]})
    return body, [(b"www-authenticate", refused.challenge.encode())]


def _media(accepted: str | None) -> str:
    return f"{RESPONSE_JSON if accepted == RESPONSE_JSON else JSON}; charset=utf-8"


def _status(response: GraphQLResponse, accepted: str) -> int:
    """200 whenever it was executed; under the older media type also for a document or variables that are wrong."""
    if response.refused is None:
        return 200
    return _STATUS.get(response.refused, 400 if accepted == RESPONSE_JSON else 200)


async def _request(method: str, scope: Scope, receive: Receive) -> GraphQLRequest:
    if method == "POST":
        content_type = header(scope, b"content-type")
        media, _, parameters = content_type.partition(";")
        charset = parameters.strip().lower().replace('"', "")
        if media.strip().lower() != JSON or charset not in ("", "charset=utf-8"):
            raise Refusal(415, f"send {JSON} in UTF-8")
        body = await _body(scope, receive)
        try:
            if body[:1] == b"[":
                found = len(msgspec.json.decode(body, type=list[msgspec.Raw]))
                # a list would be a way around every limit of one
                raise Refused(
                    Code.BATCH_LIMIT, "send one operation in a request, no list of them", found=found, limit=1
                )
            return _decode(body)
        except msgspec.ValidationError as wrong:
            raise Refusal(400, f"a GraphQL request has a query and perhaps variables: {wrong}") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refusal(400, "the body is not JSON") from None
    if method in ("GET", "HEAD"):
        if unasked(scope):
            message = f"a page elsewhere may have made a browser send this: send it with {PREFLIGHT}: true"
            raise Refusal(403, message, Code.PREFLIGHT_REQUIRED)
        return _from_url(scope["query_string"])
    raise Refusal(405, "send a query with POST or GET, a mutation with POST", allow="GET, HEAD, POST")


def _from_url(query_string: bytes) -> GraphQLRequest:
    try:
        given = {name: values[0] for name, values in parse_qs(query_string.decode(), strict_parsing=True).items()}
        if "bsn:" in given.get("variables", ""):
            raise Refusal(400, "a BSN is never put in a URL", Code.BSN_NOT_CONFIGURED)
        variables, extensions = (
            _object(given[name]) if name in given else None for name in ("variables", "extensions")
        )
        return GraphQLRequest(
            given.get("query"), variables, given.get("operationName"), extensions, given.get("documentId")
        )
    except (UnicodeDecodeError, ValueError, msgspec.MsgspecError):
        raise Refusal(400, "a GET has a query or a documentId; variables and extensions are JSON objects") from None


async def _body(scope: Scope, receive: Receive) -> bytes:
    try:
        return await body_of(scope, receive)
    except TooLarge as wrong:
        raise Refusal(413, str(wrong), Code.BODY_TOO_LARGE) from None
    except BrokenOff as wrong:
        raise Refusal(400, str(wrong)) from None

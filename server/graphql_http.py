"""GraphQL over HTTP at `/graphql`: POST for everything, GET for queries; with --dev the page that asks them.

https://graphql.github.io/graphql-over-http/draft/ (media types, status codes).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec
from starlette.types import Receive, Scope, Send

from graph.ledger import Ledger
from resolvers.caller import WITHIN
from resolvers.office import Office
from resolvers.registers import Watch
from resolvers.statements import Signer
from schema.context import Context
from schema.documents import REFUSED
from schema.errors import Code, simple
from schema.execution import GraphQLRequest, GraphQLResponse, execute
from server.bodies import BrokenOff, TooLarge, body_of
from server.metering import OPERATION
from server.negotiation import JSON, RESPONSE_JSON, header, wanted
from server.replies import reply

_decode: Final = msgspec.json.Decoder(GraphQLRequest).decode
_variables: Final = msgspec.json.Decoder(dict[str, Any] | None).decode
_encode: Final = msgspec.json.Encoder().encode

_STATUS: Final = {Code.BODY_TOO_LARGE: 413, Code.OPERATION_NOT_ALLOWED: 405}


class Refusal(Exception):
    """A request that is no GraphQL request: the status, and what is wrong with it."""

    def __init__(self, status: int, message: str, code: Code = Code.BAD_REQUEST, allow: str = "") -> None:
        self.status, self.code, self.allow = status, code, allow
        super().__init__(message)


class GraphQLEndpoint:
    """An ASGI application. `ledger` is asked for at each request: it is opened when the server starts."""

    def __init__(
        self,
        ledger: Callable[[], Ledger],
        *,
        clock: Callable[[], int],
        page: bytes,
        dev: bool,
        watch: Callable[[], Watch | None] = lambda: None,
        office: Callable[[], Office | None] = lambda: None,
        signer: Signer | None = None,
    ) -> None:
        self._ledger, self._clock, self._page, self._dev, self._watch = ledger, clock, page, dev, watch
        self._office, self._signer = office, signer

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
            request = await _request(method, scope, receive)
            context = Context(
                self._ledger(),
                caller=WITHIN,  # until callers are identified
                accept_language=header(scope, b"accept-language"),
                clock=self._clock,
                dev=self._dev,
                watch=self._watch(),
                office=self._office(),
                signer=self._signer,
            )
            response = await execute(request, context, mutations=method == "POST")
            scope[OPERATION] = response.word
        except Refusal as refusal:
            scope[OPERATION] = REFUSED
            body = _encode({"errors": [simple(refusal.code, str(refusal))]})
            extra = [(b"allow", refusal.allow.encode())] if refusal.allow else []
            await reply(send, refusal.status, _media(accepted), body, extra)
            return
        extra = [(b"allow", b"POST")] if response.refused == Code.OPERATION_NOT_ALLOWED else []
        await reply(send, _status(response, accepted), _media(accepted), _encode(response.body), extra)


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
        try:
            return _decode(await _body(scope, receive))
        except msgspec.ValidationError as wrong:
            raise Refusal(400, f"a GraphQL request has a query and perhaps variables: {wrong}") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refusal(400, "the body is not JSON") from None
    if method in ("GET", "HEAD"):
        return _from_url(scope["query_string"])
    raise Refusal(405, "send a query with POST or GET, a mutation with POST", allow="GET, HEAD, POST")


def _from_url(query_string: bytes) -> GraphQLRequest:
    try:
        given = {name: values[0] for name, values in parse_qs(query_string.decode(), strict_parsing=True).items()}
        if "bsn:" in given.get("variables", ""):
            raise Refusal(400, "a BSN is never put in a URL", Code.BSN_NOT_CONFIGURED)
        variables = _variables(given["variables"]) if "variables" in given else None
        return GraphQLRequest(given["query"], variables, given.get("operationName"))
    except (KeyError, UnicodeDecodeError, ValueError, msgspec.MsgspecError):
        raise Refusal(400, "a GET has a query, and its variables are a JSON object") from None


async def _body(scope: Scope, receive: Receive) -> bytes:
    try:
        return await body_of(scope, receive)
    except TooLarge as wrong:
        raise Refusal(413, str(wrong), Code.BODY_TOO_LARGE) from None
    except BrokenOff as wrong:
        raise Refusal(400, str(wrong)) from None

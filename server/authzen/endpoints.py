"""The routes, and what the specification asks of HTTP: JSON objects only, an echoed request id, one error shape."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.errors import BadInput, BadToken, GraphError, LedgerBehind
from graph.ledger import Ledger
from graph.pseudonyms import Pseudonyms
from resolvers.caller import Caller, Forbidden, NotIdentified
from schema.errors import Code, without_numbers
from server.authzen.answering import (
    evaluate,
    evaluate_all,
    permitted,
    search_action,
    search_resource,
    search_subject,
)
from server.authzen.messages import ActionSearch, Evaluation, Malformed, ResourceSearch, SubjectSearch
from server.authzen.numbers import with_ids
from server.beat import on_the_beat
from server.bodies import BrokenOff, TooLarge, body_of
from server.identity.door import Door
from server.identity.errors import Unidentified

_REQUEST_ID_MAX: Final = 200
_EVALUATION: Final = "/access/v1/evaluation"
_EVALUATIONS: Final = "/access/v1/evaluations"
_SEARCH: Final = "/access/v1/search"
_Answer = Callable[[Ledger, dict[str, Any], int, Caller], Awaitable[dict[str, Any]]]


def routes(
    ledger: Callable[[], Ledger],
    door: Callable[[], Door],
    clock: Callable[[], int],
    seconds_max: float,
    pseudonyms: Pseudonyms | None,
) -> list[Route]:
    """`ledger` and `door` are asked for at each request; `clock` in microseconds; `seconds_max` for one request.

    `pseudonyms`: turns numbers of people into ids; None: no number is taken.
    """

    def post(path: str, answer: _Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            began = time.perf_counter()
            try:
                caller = await door().caller(request.scope)
                if caller.role is None:
                    raise Unidentified(str(NotIdentified()), "")
                async with asyncio.timeout(seconds_max):
                    body = await with_ids(ledger(), pseudonyms, await _object(request))
                    answered = await answer(ledger(), body, clock(), caller)
                await on_the_beat(caller, began)
                return _reply(request, 200, answered)
            except TimeoutError:
                return _error(request, 504, "TIMEOUT", f"it took more than {seconds_max:g} s and was stopped")
            except Unidentified as refused:
                return _unidentified(request, refused)
            except Forbidden as refused:
                return _error(request, 403, Code.FORBIDDEN, str(refused))
            except (Malformed, BadToken, BadInput) as wrong:
                return _error(request, 400, "BAD_REQUEST", str(wrong))
            except LedgerBehind as wrong:
                return _error(request, 503, wrong.code, str(wrong))
            except GraphError as wrong:
                return _error(request, 503, wrong.code, "the ledger cannot be read at the moment")

        return Route(path, endpoint, methods=["POST"])

    return [
        post(_EVALUATION, lambda store, body, now, who: evaluate(store, permitted(body, Evaluation, who), now)),
        post(_EVALUATIONS, evaluate_all),
        post(
            f"{_SEARCH}/subject",
            lambda store, body, now, who: search_subject(store, permitted(body, SubjectSearch, who), now),
        ),
        post(
            f"{_SEARCH}/resource",
            lambda store, body, now, who: search_resource(store, permitted(body, ResourceSearch, who), now),
        ),
        post(
            f"{_SEARCH}/action",
            lambda store, body, now, who: search_action(store, permitted(body, ActionSearch, who), now),
        ),
        Route("/.well-known/authzen-configuration", _configuration, methods=["GET"]),
    ]


async def _configuration(request: Request) -> Response:
    here = str(request.base_url).rstrip("/")
    found = {
        "policy_decision_point": here,
        "access_evaluation_endpoint": here + _EVALUATION,
        "access_evaluations_endpoint": here + _EVALUATIONS,
        "search_subject_endpoint": f"{here}{_SEARCH}/subject",
        "search_resource_endpoint": f"{here}{_SEARCH}/resource",
        "search_action_endpoint": f"{here}{_SEARCH}/action",
    }
    return _reply(request, 200, found)


async def _object(request: Request) -> dict[str, Any]:
    """The body. Raises Malformed."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Malformed("content-type: expected application/json")
    try:
        said = await body_of(request.scope, request.receive)
    except (TooLarge, BrokenOff) as wrong:
        raise Malformed(f"the body: {wrong}") from None
    try:
        body = msgspec.json.decode(said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("the body: expected JSON") from None
    if not isinstance(body, dict):
        raise Malformed("the body: expected an object")
    return body


def _unidentified(request: Request, refused: Unidentified) -> Response:
    code = Code.UNAUTHENTICATED if refused.status != HTTPStatus.SERVICE_UNAVAILABLE else Code.IDENTITY_UNAVAILABLE
    response = _error(request, refused.status, code, refused.why)
    response.headers["www-authenticate"] = refused.challenge
    return response


def _error(request: Request, status: int, code: str, message: str) -> Response:
    return _reply(request, status, {"error": {"code": code, "message": without_numbers(message)}})


def _reply(request: Request, status: int, content: object) -> Response:
    response = Response(msgspec.json.encode(content), status, media_type="application/json")
    request_id = request.headers.get("x-request-id", "")
    if request_id and len(request_id) <= _REQUEST_ID_MAX and request_id.isprintable():
        response.headers["x-request-id"] = request_id
    return response

"""The routes, and what the specification asks of HTTP: JSON objects only, an echoed request id, one error shape."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.errors import BadInput, BadToken, GraphError, LedgerBehind
from graph.ledger import Ledger
from schema.errors import without_numbers
from server.authzen.answering import (
    converted,
    evaluate,
    evaluate_all,
    search_action,
    search_resource,
    search_subject,
)
from server.authzen.messages import ActionSearch, Evaluation, Malformed, ResourceSearch, SubjectSearch
from server.bodies import BrokenOff, TooLarge, body_of

_REQUEST_ID_MAX: Final = 200
_EVALUATION: Final = "/access/v1/evaluation"
_EVALUATIONS: Final = "/access/v1/evaluations"
_SEARCH: Final = "/access/v1/search"
_Answer = Callable[[Ledger, dict[str, Any], int], Awaitable[dict[str, Any]]]


def routes(ledger: Callable[[], Ledger], clock: Callable[[], int], seconds_max: float) -> list[Route]:
    """`ledger` is asked for at each request; `clock` in microseconds; `seconds_max` for one request."""

    def post(path: str, answer: _Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                async with asyncio.timeout(seconds_max):
                    body = await _object(request)
                    return _reply(request, 200, await answer(ledger(), body, clock()))
            except TimeoutError:
                return _error(request, 504, "TIMEOUT", f"it took more than {seconds_max:g} s and was stopped")
            except (Malformed, BadToken, BadInput) as wrong:
                return _error(request, 400, "BAD_REQUEST", str(wrong))
            except LedgerBehind as wrong:
                return _error(request, 503, wrong.code, str(wrong))
            except GraphError as wrong:
                return _error(request, 503, wrong.code, "the ledger cannot be read at the moment")

        return Route(path, endpoint, methods=["POST"])

    return [
        post(_EVALUATION, lambda store, body, now: evaluate(store, converted(body, Evaluation), now)),
        post(_EVALUATIONS, evaluate_all),
        post(f"{_SEARCH}/subject", lambda store, body, now: search_subject(store, converted(body, SubjectSearch), now)),
        post(
            f"{_SEARCH}/resource", lambda store, body, now: search_resource(store, converted(body, ResourceSearch), now)
        ),
        post(f"{_SEARCH}/action", lambda store, body, now: search_action(store, converted(body, ActionSearch), now)),
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


def _error(request: Request, status: int, code: str, message: str) -> Response:
    return _reply(request, status, {"error": {"code": code, "message": without_numbers(message)}})


def _reply(request: Request, status: int, content: object) -> Response:
    response = Response(msgspec.json.encode(content), status, media_type="application/json")
    request_id = request.headers.get("x-request-id", "")
    if request_id and len(request_id) <= _REQUEST_ID_MAX and request_id.isprintable():
        response.headers["x-request-id"] = request_id
    return response

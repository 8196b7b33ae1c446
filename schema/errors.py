"""What a GraphQL error says: one stable `extensions.code`, and for bad input the `field`.

Every code is in `Code`. What is unexpected is masked: the caller gets an id, the log gets the rest. No error ever
repeats a citizen service number (BSN), whatever the request had in it.
"""

from __future__ import annotations

import logging
import re
import secrets
from enum import StrEnum
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError

from graph.errors import BadInput, GraphError, Problem
from resolvers.caller import Forbidden, NotIdentified

log = logging.getLogger("machtigen.graphql")


class Code(StrEnum):
    """`extensions.code`, stable. Those in RETRYABLE may succeed when the same request is sent again."""

    BAD_INPUT = "BAD_INPUT"
    """An argument or variable breaks the contract; `field` names it."""
    BAD_TOKEN = "BAD_TOKEN"  # noqa: S105 - of the ledger, no secret
    """Not a token, or one of another ledger."""
    LEDGER_BEHIND = "LEDGER_BEHIND"
    """The ledger has not reached the token. (A decision says INDETERMINATE `LEDGER_BEHIND` instead.)"""
    LEDGER_UNAVAILABLE = "LEDGER_UNAVAILABLE"
    """The ledger cannot be read or written at the moment."""
    AUDIT_UNAVAILABLE = "AUDIT_UNAVAILABLE"
    """The audit record cannot be written at the moment, so no answer leaves. A change may have been made: ask."""
    TOO_FAR_BEHIND = "TOO_FAR_BEHIND"
    """A subscription began at a token too far back, or its reader is too slow: ask anew, and begin from that answer."""
    TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"
    """This process has as many as it takes."""
    SLOW_CONSUMER = "SLOW_CONSUMER"
    """A subscription's reader took nothing for too long. Begin again at the last token."""
    SERVER_STOPS = "SERVER_STOPS"
    """A subscription ended because the server stops. Begin again at the last token."""
    BSN_NOT_CONFIGURED = "BSN_NOT_CONFIGURED"
    """A citizen service number was given, and this service has no key to turn it into an id."""
    BAD_REQUEST = "BAD_REQUEST"
    """Not a GraphQL request over HTTP."""
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    """More bytes than a request may have."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The document is no GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The document does not fit the schema."""
    OPERATION_RESOLUTION_FAILED = "OPERATION_RESOLUTION_FAILED"
    """The document has no operation of that name, or several and no name was given."""
    OPERATION_NOT_ALLOWED = "OPERATION_NOT_ALLOWED"
    """A mutation in a GET."""
    PREFLIGHT_REQUIRED = "PREFLIGHT_REQUIRED"
    """A GET that a page of another site may have made a browser send: docs/api.md says which header it needs."""
    TIMEOUT = "TIMEOUT"
    """It took too long and was stopped."""
    RESPONSE_TOO_LARGE = "RESPONSE_TOO_LARGE"
    """The answer has more bytes than one may have: ask for less at once."""
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No document is known by this hash; where others are taken too, send it once with its text."""
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    """This service takes listed documents only, and this is none of them."""
    INTROSPECTION_OFF = "INTROSPECTION_OFF"
    """The schema is not told here: it is in `schema/schema.graphql`, and asked of a server with --dev."""
    TOKEN_LIMIT = "TOKEN_LIMIT"  # noqa: S105 - of a document
    """The document is too long. As with every limit, `limit` has the most, and `found` what was sent."""
    DEPTH_LIMIT = "DEPTH_LIMIT"
    """Fields within fields, too deep."""
    FIELD_LIMIT = "FIELD_LIMIT"
    """Too many fields."""
    ROOT_FIELD_LIMIT = "ROOT_FIELD_LIMIT"
    """Too many fields at the top of the operation."""
    ALIAS_LIMIT = "ALIAS_LIMIT"
    """Too many aliases."""
    DIRECTIVE_LIMIT = "DIRECTIVE_LIMIT"
    """Too many directives."""
    PAGE_LIMIT = "PAGE_LIMIT"
    """More on a page than a page holds."""
    BATCH_LIMIT = "BATCH_LIMIT"
    """More at once than a list of arguments may have; or several operations in one request, which has one."""
    COST_LIMIT = "COST_LIMIT"
    """It would cost more than this caller may spend on one request; `found` is its cost."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """No token, or one that is not taken. With HTTP 401."""
    FORBIDDEN = "FORBIDDEN"
    """The caller's role may not have this; `path` names the field."""
    IDENTITY_UNAVAILABLE = "IDENTITY_UNAVAILABLE"
    """Tokens cannot be checked at the moment. With HTTP 503."""
    INTERNAL_ERROR = "INTERNAL_ERROR"
    """Unexpected. `errorId` finds it in the log."""


RETRYABLE: Final = frozenset(
    {
        Code.LEDGER_BEHIND,
        Code.LEDGER_UNAVAILABLE,
        Code.AUDIT_UNAVAILABLE,
        Code.IDENTITY_UNAVAILABLE,
        Code.TOO_MANY_SUBSCRIPTIONS,
        Code.SLOW_CONSUMER,
        Code.SERVER_STOPS,
        Code.INTERNAL_ERROR,
        Code.TIMEOUT,
    }
)

BSN_PREFIX: Final = "bsn:"
_NUMBER: Final = re.compile(r"bsn:[^\s\"'`,;)\]}]*|(?<!\d)\d{8,9}(?!\d)")
"""What could be a citizen service number in a text: with its prefix, or eight or nine digits by themselves."""
_COERCED: Final = re.compile(r"Variable '\$(?P<of>\w+)' has invalid value(?: at (?P<at>\S+?))?: (?P<why>.*)", re.DOTALL)
_FOUND: Final = re.compile(r"[,;.]? found: .*", re.DOTALL | re.IGNORECASE)
"""graphql-core repeats the value, however large; we say where and why."""
_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
"""graphql-core names what there is when something is not; that is for developers."""
_UNKNOWN_FIELD: Final = re.compile(r"unknown field '(\w+)'")


class Refused(Exception):
    """A request that is not executed. `figures`: what a limit is, what was found, and in which argument."""

    def __init__(self, code: Code, message: str, **figures: int | str) -> None:
        self.code, self.figures = code, figures
        super().__init__(message)

    def again(self) -> Refused:
        """Another that says the same: one that is kept and raised many times would gather what it passed through."""
        return Refused(self.code, str(self), **self.figures)

    @property
    def told(self) -> dict[str, Any]:
        """As a response has it."""
        error = simple(self.code, str(self))
        error["extensions"] |= self.figures
        return error


class BsnNotConfigured(Exception):
    """A person was named by number, which this service cannot turn into an id."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("this service is not configured to take a BSN: name a person by id")


def formatted(error: GraphQLError, *, request_error: bool, show_internal: bool = False) -> dict[str, Any]:
    """The error as a response has it. `request_error`: nothing was executed. `show_internal`: to a developer."""
    told: dict[str, Any] = {"message": "", "extensions": {}}
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        told["path"] = error.path
    message, told["extensions"] = _said(error, request_error=request_error, show_internal=show_internal)
    told["message"] = message if show_internal else _SUGGESTION.sub("", message)
    return told


def simple(code: Code, message: str) -> dict[str, Any]:
    """An error that no GraphQL document caused."""
    return {"message": without_numbers(message), "extensions": _extensions(code)}


def without_numbers(text: str) -> str:
    """The text with whatever could be a citizen service number left out."""
    return _NUMBER.sub("…", text)


def _said(error: GraphQLError, *, request_error: bool, show_internal: bool) -> tuple[str, dict[str, Any]]:
    cause = error.original_error
    if isinstance(cause, BadInput):
        problem = cause.problems[0]
        field = camel(problem.field)
        return without_numbers(_sentence(problem, field)), _extensions(Code.BAD_INPUT, field)
    if isinstance(cause, BsnNotConfigured):
        return str(cause), _extensions(Code.BSN_NOT_CONFIGURED, cause.field)
    if isinstance(cause, NotIdentified):
        return str(cause), _extensions(Code.UNAUTHENTICATED)
    if isinstance(cause, Forbidden):
        return without_numbers(str(cause)), _extensions(Code.FORBIDDEN)
    if isinstance(cause, GraphError):
        code = Code(cause.code) if cause.code in Code.__members__ else Code.LEDGER_UNAVAILABLE
        return without_numbers(str(cause)), _extensions(code)
    if isinstance(error, GraphQLSyntaxError):
        return without_numbers(error.message), _extensions(Code.GRAPHQL_PARSE_FAILED)
    if not error.path and (coerced := _COERCED.fullmatch(error.message)):
        return _coerced(coerced["of"] + (coerced["at"] or ""), _FOUND.sub("", coerced["why"]))
    if cause is None and request_error:
        return without_numbers(error.message), _extensions(Code.GRAPHQL_VALIDATION_FAILED)
    return _masked(error, show_internal=show_internal)


def _coerced(field: str, why: str) -> tuple[str, dict[str, Any]]:
    """A variable that does not fit its type."""
    if unknown := _UNKNOWN_FIELD.search(why):
        field = f"{field}.{unknown[1]}"
    return without_numbers(f"{field}: {why}"), _extensions(Code.BAD_INPUT, without_numbers(field))


def _masked(error: GraphQLError, *, show_internal: bool) -> tuple[str, dict[str, Any]]:
    error_id = secrets.token_hex(8)
    cause = error.original_error or error
    log.error("error %s: %s", error_id, without_numbers(repr(cause)), exc_info=cause if show_internal else None)
    message = f"internal error {error_id}" + (f": {without_numbers(repr(cause))}" if show_internal else "")
    return message, _extensions(Code.INTERNAL_ERROR) | {"errorId": error_id}


def _sentence(problem: Problem, field: str) -> str:
    return problem.sentence.replace(f"{problem.field}: ", f"{field}: ", 1) if problem.field else problem.sentence


def _extensions(code: Code, field: str = "") -> dict[str, Any]:
    said: dict[str, Any] = {"code": code.value, "retryable": code in RETRYABLE}
    if field:
        said["field"] = field
    return said


def camel(name: str) -> str:
    """A field's name as GraphQL has it."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)

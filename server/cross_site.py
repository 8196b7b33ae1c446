"""Requests from pages of other sites: what a browser sends unasked (CSRF), and sites that may ask (CORS).

A POST here is JSON, which a browser sends for another site only after that has been allowed (CORS). A GET is not: a
picture's address is enough. It cannot be read by that page, nor has it any token, and queries change nothing; it is
refused all the same, so that no such page makes this service work. A request that could only be made on purpose passes:
one with a header that no page may set without being allowed to.
"""

from __future__ import annotations

from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Scope

from server.http_settings import HttpSettings
from server.negotiation import header

PREFLIGHT: Final = "GraphQL-Require-Preflight"
ON_PURPOSE: Final = frozenset(
    {b"apollo-require-preflight", b"graphql-require-preflight", b"x-apollo-operation-name", b"x-requested-with"}
)
_ASKED_WITH: Final = (
    "Authorization",
    "Content-Type",
    "If-None-Match",
    "X-Request-ID",
    "Traceparent",
    "Machtigen-Purpose",
    "Apollo-Require-Preflight",
    "GraphQL-Require-Preflight",
    "X-Apollo-Operation-Name",
)
_PREFLIGHT_SECONDS: Final = 600
_SIMPLE: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_OWN: Final = ("same-origin", "none")


def unasked(scope: Scope) -> bool:
    """Whether a page elsewhere may have made a browser send this GET.

    Browsers say where a request comes from (Sec-Fetch-Site). Of an older one, which does not, it is not known.
    """
    headers = dict(scope["headers"])
    if not ON_PURPOSE.isdisjoint(headers) or headers.get(b"authorization", b"")[:7].lower() == b"bearer ":
        return False
    content_type = header(scope, b"content-type").partition(";")[0].strip().lower()
    if content_type and content_type not in _SIMPLE:
        return False
    site = header(scope, b"sec-fetch-site").lower()
    if site:
        return site not in _OWN
    return b"origin" in headers or header(scope, b"user-agent").lower().startswith("mozilla/")


def cross_origin(http: HttpSettings) -> list[Middleware]:
    """Nothing, unless sites are configured; then these and no others, and never with cookies: there are none."""
    if not http.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=http.cors_origins,
            allow_methods=("GET", "POST"),
            allow_headers=_ASKED_WITH,
            expose_headers=("ETag", "X-Request-ID"),
            max_age=_PREFLIGHT_SECONDS,
        )
    ]

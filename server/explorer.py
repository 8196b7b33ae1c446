"""The graph browser at `/explore`: our own files, under a policy without exceptions (docs/explorer.md)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

BUILT: Final = Path(__file__).parent / "web/explorer/built"
DOCUMENTS: Final = BUILT / "documents.json"
"""The page's operations by their hash: it sends no other."""
_CONTENT: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
POLICY: Final = "; ".join(_CONTENT)


class Assets(StaticFiles):
    """Files that a browser may keep if it asks whether they have changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """With the entity tag that Starlette gives it."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "private, no-cache"
        return response


def routes(token_at: str | None = None) -> list[BaseRoute]:
    """The page, and its script and style sheet. What is shown stands behind the page's #, which no server sees.

    `token_at`: where the page gets a token by itself, with --dev; None: whoever looks has one of their own.
    """
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    if token_at is not None:
        page = page.replace("</head>", f'  <meta name="token-at" content="{escape(token_at)}">\n  </head>')

    async def explore(_: Request) -> Response:
        return Response(page, media_type="text/html", headers={"content-security-policy": POLICY})

    return [Route("/explore", explore), Mount("/explore/assets", Assets(directory=BUILT / "assets"))]

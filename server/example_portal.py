"""The example portal at `/examples/portal`, with --dev: the files in `examples/portal/public`, where they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from server.explorer import POLICY, Assets

PUBLIC: Final = Path(__file__).parent.parent / "examples/portal/public"
PATH: Final = "/examples/portal"


def routes() -> list[BaseRoute]:
    """The page, and what it loads, under the explorer's policy; none in an installation without examples."""
    index = PUBLIC / "index.html"
    if not index.is_file():
        return []
    page = index.read_bytes()

    async def portal(_: Request) -> Response:
        return Response(page, media_type="text/html", headers={"content-security-policy": POLICY})

    return [Route(PATH, portal), Mount(f"{PATH}/assets", Assets(directory=PUBLIC))]

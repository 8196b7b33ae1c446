"""The Starlette application: its routes, and the ledger that it opens when it starts and closes when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from graph.errors import GraphError
from graph.ledger import Ledger
from graph.pseudonyms import Pseudonyms
from graph.registers.watchlist import watchlist_in
from resolvers.live import Live
from resolvers.office import Office
from server import clock as clocks
from server.audit.door import Audited
from server.audit.trail import Trail, recorded
from server.authzen.endpoints import routes as authzen
from server.compression import Compressed
from server.connectors import Connectors
from server.cross_site import cross_origin
from server.desk import running as desks
from server.desk.page import outbox_route
from server.desk.settings import DeskFile
from server.example_portal import routes as example_portal
from server.examples import DEFAULT_QUESTION, tabs
from server.explorer import Assets
from server.explorer import routes as explorer
from server.graphql_http import GraphQLEndpoint
from server.graphql_ws import GraphQLSocket
from server.http_settings import HttpSettings
from server.identity.dev import PATH as TOKENS
from server.identity.dev import DevIssuer, token_route
from server.identity.door import Door, Identity
from server.identity.door import opened as identified
from server.metering import Metered
from server.metrics import metrics_route
from server.replies import LOOPBACK, Edge
from server.statement.keys import Signing, jwks_route
from server.tallies import kept
from server.watch import ServerWatch

GRAPHIQL: Final = Path(__file__).parent / "web/graphiql"
READY_SECONDS_MAX: Final = 2.0
RESOURCE: Final = {"service.name": "machtigen", "service.version": version("machtigen")}
Follow: TypeAlias = Callable[[Ledger, Callable[[], int]], AbstractAsyncContextManager[Connectors]]


def _health(ledger: Callable[[], Ledger], door: Callable[[], Door], trail: Callable[[], Trail | None]) -> list[Route]:
    """Whether it runs, and whether it can answer."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        try:
            async with asyncio.timeout(READY_SECONDS_MAX):
                head = await ledger().head()
        except (GraphError, TimeoutError, IndexError):
            return JSONResponse({"status": "the ledger does not answer"}, 503)
        if not door().ready:
            return JSONResponse({"status": "the issuer's keys cannot be had"}, 503)
        recording = trail()
        if recording is not None and not recording.works():
            return JSONResponse({"status": "the audit record cannot be written"}, 503)
        return JSONResponse({"status": "ready", "asOf": str(head)})

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def application(  # noqa: PLR0913 - its parts, each of which a test may leave out
    open_ledger: Callable[[], Awaitable[Ledger]],
    *,
    identity: Identity,
    pseudonyms: Pseudonyms | None = None,
    example: dict[str, Any] | None = None,
    clock: Callable[[], int] = clocks.system,
    dev: bool = False,
    hosts: frozenset[str] = LOOPBACK,
    connectors: Follow | None = None,
    tallies: Path | None = None,
    audit: Path | None = None,
    desk: DeskFile | None = None,
    watchlist: Path | None = None,
    signing: Signing | None = None,
    http: HttpSettings = HttpSettings(),  # noqa: B008 - it cannot be changed
    stopping: Callable[[Callable[[], None]], None] | None = None,
) -> Starlette:
    """The application over the ledger that `open_ledger` opens.

    `identity`: whose tokens are taken. `pseudonyms`: turns numbers of people into ids; None: no number is taken.
    `hosts`: by which names it is asked for. `example`: the question that GraphiQL opens with. `dev`: GraphiQL, the
    schema and internal errors are shown; and a rehearsal's clock can be moved at `/dev/clock`. `connectors`: the
    registers' connectors over a ledger, by a clock, for as long as the server runs. `tallies`: the file in which its
    workers put together what they count; None: none, each for itself. `watchlist`: the file in which it is kept about
    whom sources contradict each other; None: none, as above. `audit`: the directory of the audit records; None: there
    are none, in tests only. `desk`: where mandates are asked for and given; None: they are not. `signing`: who signs
    statements; None: nobody. `http`: limits and what browsers may do. `stopping`: is given what ends every stream, for
    when the server is to stop.
    """
    opened: list[Ledger] = []
    watched: list[ServerWatch] = []
    trails: list[Trail | None] = []
    offices: list[Office | None] = []
    doors: list[Door] = []
    told: list[Live] = []

    def ledger() -> Ledger:
        return opened[0]

    def watch() -> ServerWatch:
        return watched[0]

    def office() -> Office | None:
        return offices[0]

    def door() -> Door:
        return doors[0]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened.append(await open_ledger())
            stack.push_async_callback(lambda: opened.pop().close())
            trails.append(await stack.enter_async_context(recorded(audit, clock, RESOURCE)))
            stack.callback(trails.clear)
            offices.append(await stack.enter_async_context(desks.kept(desk, ledger(), clock, trails[0])))
            stack.callback(offices.clear)
            doors.append(await stack.enter_async_context(identified(identity)))
            stack.callback(doors.clear)
            counts = await stack.enter_async_context(kept(tallies, clock))
            asked = None if connectors is None else await stack.enter_async_context(connectors(ledger(), clock))
            watching = stack.enter_context(watchlist_in(watchlist))
            watched.append(ServerWatch(counts, watching, asked))
            told.append(Live(ledger(), clock))
            if stopping is not None:
                stopping(told[0].close)
            yield
            told.pop().close()
            watched.clear()

    page = (GRAPHIQL / "index.html").read_bytes()
    examples = msgspec.json.encode(tabs(example or DEFAULT_QUESTION))

    async def graphiql_examples(_: Request) -> Response:
        return Response(examples, media_type="application/json")

    graphql = GraphQLEndpoint(
        ledger,
        door=door,
        clock=clock,
        page=page,
        dev=dev,
        watch=watch,
        office=office,
        signer=signing,
        pseudonyms=pseudonyms,
        http=http,
        live=lambda: told[0],
    )
    routes: list[BaseRoute] = [
        Route("/graphql", graphql),
        WebSocketRoute("/graphql", GraphQLSocket(graphql.context)),
        *([Route("/graphql/examples.json", graphiql_examples)] if dev else []),
        *([Mount("/graphql/assets", Assets(directory=GRAPHIQL / "assets"))] if dev else []),
        *explorer(token_at=f"{TOKENS}?role=explorer" if identity.dev_key is not None else None),
        *authzen(ledger, door, clock, http.seconds_max, pseudonyms),
        *_health(ledger, door, lambda: trails[0]),
        metrics_route(ledger, watch, clock, office),
        *([outbox_route(ledger, office)] if dev else []),
        jwks_route(signing.keys if signing is not None else None),
        *([token_route(DevIssuer(Path(identity.dev_key)))] if identity.dev_key is not None else []),
        *(example_portal() if dev and identity.dev_key is not None else []),
        *([clocks.rehearsal_route(clock)] if dev and isinstance(clock, clocks.RehearsalClock) else []),
    ]
    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    metered = Middleware(Metered, tallies=lambda: watch().tallies, paths=paths)
    audited = Middleware(Audited, trail=lambda: trails[0], clock=clock)
    edge = Middleware(Edge, hosts=hosts, origins=http.cors_origins)
    outside = [edge, *cross_origin(http), Middleware(Compressed)]
    return Starlette(routes=routes, middleware=[*outside, metered, audited], lifespan=lifespan)

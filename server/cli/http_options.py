"""The options of `serve` that say how it behaves over HTTP, together as one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from server.http_settings import MAX_AGE_SECONDS_MAX, HttpSettings

_OPTIONS: Final = (
    click.option(
        "--documents",
        envvar="MACHTIGEN_DOCUMENTS",
        show_envvar=True,
        multiple=True,
        metavar="FILE|DIR",
        help="Trusted documents: nothing else is taken then, but with --dev (docs/api.md).",
    ),
    click.option(
        "--only-documents/--any-document",
        default=None,
        help="Whether nothing but --documents is taken.",
    ),
    click.option(
        "--cors-origin",
        "cors_origins",
        envvar="MACHTIGEN_CORS_ORIGINS",
        show_envvar=True,
        multiple=True,
        metavar="https://SITE",
        help="A site whose pages may ask from a browser; without it no other site's may.",
    ),
    click.option(
        "--timeout",
        "seconds_max",
        envvar="MACHTIGEN_TIMEOUT",
        show_envvar=True,
        type=click.FloatRange(0.001, 600),
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="For one request; then its work is stopped.",
    ),
    click.option(
        "--max-age",
        "max_age_seconds",
        envvar="MACHTIGEN_MAX_AGE",
        show_envvar=True,
        type=click.IntRange(0, MAX_AGE_SECONDS_MAX),
        default=0,
        show_default=True,
        metavar="SECONDS",
        help="How long a browser may keep a decision unasked; a withdrawal may be that late.",
    ),
)


def http_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the command a parameter `http`, and a refusal of what does not go together."""

    @wraps(function)
    def command(
        *,
        documents: tuple[str, ...],
        only_documents: bool | None,
        seconds_max: float,
        max_age_seconds: int,
        cors_origins: tuple[str, ...],
        dev: bool,
        **others: Any,
    ) -> Any:
        only = bool(documents) and not dev if only_documents is None else only_documents
        try:
            http = HttpSettings(
                documents=documents,
                only_documents=only,
                seconds_max=seconds_max,
                max_age_seconds=max_age_seconds,
                cors_origins=cors_origins,
            )
        except ValueError as wrong:
            raise click.UsageError(str(wrong)) from None
        return function(http=http, dev=dev, **others)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command

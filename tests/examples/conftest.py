"""The examples, copied beside the packages that their lock says; what stands in the repository is not touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.node_tools import NODE, installed
from tests.server.asking import ROOT, SECONDS_MAX

EXAMPLES = ROOT / "examples"
SCHEMA = ROOT / "schema/schema.graphql"
Run: TypeAlias = Callable[..., str]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of `examples/typescript` and `examples/portal`, side by side."""
    place = tmp_path_factory.mktemp("examples")
    for name in ("typescript", "portal"):
        shutil.copytree(EXAMPLES / name, place / name, ignore=shutil.ignore_patterns("node_modules"))
    (place / "typescript/node_modules").symlink_to(installed(EXAMPLES / "typescript") / "node_modules")
    return place


@pytest.fixture(scope="module")
def run(copy: Path) -> Run:
    """Run a script of the TypeScript example with Node; what it prints. The test fails where it does."""

    def node(script: str, *arguments: str, **variables: str) -> str:
        environment = os.environ | {"SCHEMA": str(SCHEMA)} | variables
        done = subprocess.run(
            [NODE, script, *arguments],
            cwd=copy / "typescript",
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX * 2,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return node

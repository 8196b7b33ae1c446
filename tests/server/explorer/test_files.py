"""What the server gives a browser: our own files under a policy without exceptions, and what the source says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx

from server.documents.known import known
from server.explorer import BUILT, POLICY
from server.http_settings import HttpSettings

SOURCE = BUILT.parent
LICENSED = ("cytoscape", "preact", "@preact/signals", "@preact/signals-core")


async def test_the_policy_has_no_exception(client: httpx.AsyncClient) -> None:
    page = await client.get("/explore")
    assert page.status_code == 200
    assert page.headers.get_list("content-security-policy") == [POLICY]
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert page.headers["cache-control"] == "private, no-store"
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|style=", page.text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/")
        file = await client.get(address)
        assert file.status_code == 200, address
        assert file.headers["etag"]
    graphiql = await client.get("/graphql", headers={"accept": "text/html"})
    assert graphiql.headers["content-security-policy"] != POLICY


def test_what_is_bundled_is_licensed() -> None:
    lock = json.loads((SOURCE / "package-lock.json").read_text())
    bundled = {
        path.removeprefix("node_modules/") for path, about in lock["packages"].items() if path and not about.get("dev")
    }
    assert bundled == set(LICENSED)
    licences = (BUILT / "assets/LICENCES.txt").read_text()
    assert all(f"{name}\n\n" in licences for name in LICENSED)


def test_what_is_committed_is_what_the_source_gives() -> None:
    done = subprocess.run(
        [sys.executable, str(SOURCE / "build.py"), "--check"], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_server_that_takes_listed_documents_only_knows_those_of_the_page(tmp_path: Path) -> None:
    other = tmp_path / "other.graphql"
    other.write_text("query Other { registers { id } }")
    documents = known(HttpSettings(documents=(str(other),), only_documents=True))
    listed = json.loads((BUILT / "documents.json").read_text())["operations"]
    assert len(listed) > 10
    for operation in listed:
        assert documents.document(None, operation["id"], None).tree is not None
    script = (BUILT / "assets/explorer.js").read_text()
    assert all(operation["id"] in script for operation in listed)


def test_no_page_names_another_host() -> None:
    """But for the names of XML's own spaces, which nobody asks."""
    for file in Path(BUILT).rglob("*"):
        if file.suffix in (".html", ".css"):
            assert "http" not in file.read_text()

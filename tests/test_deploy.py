"""What ships for container engines. There is no engine here, so nothing is built or run: specification and lint only.

The saved queries for Neo4j Browser are run, on a real Neo4j.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec.models import ComposeSpecification

from authority.facts import Ability, Authority, Block, Consent, Employment, Organisation, Person, Provider, Service
from graph.local_neo4j.artefacts import VERSION
from graph.neo4j_graph import Neo4jGraph
from graph.neo4j_graph.appending import _LABELS
from graph.relations import __doc__ as model

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((DEPLOY / "neo4j/queries").glob("*.cypher"))}
INSTRUCTIONS = {
    *("FROM", "RUN", "CMD", "LABEL", "EXPOSE", "ENV", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "HEALTHCHECK"),
}


class _OnceEach(yaml.SafeLoader):
    """Refuses a key that stands twice, as Compose does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"twice in one place: {keys}"
        return super().construct_mapping(node, deep=deep)


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"), _OnceEach)
    return loaded


def containerfile() -> list[tuple[str, str]]:
    """Instructions with their arguments, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    split = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(instruction, arguments.strip()) for instruction, _, arguments in split]


def test_compose_keeps_to_the_specification() -> None:
    ComposeSpecification.model_validate(compose(), extra="forbid")


def test_the_specification_would_refuse_a_mistake() -> None:
    wrong = compose()
    wrong["services"]["neo4j"]["health_check"] = wrong["services"]["neo4j"].pop("healthcheck")
    with pytest.raises(ValueError, match="health_check"):
        ComposeSpecification.model_validate(wrong, extra="forbid")


def test_compose_shows_nothing_to_the_network_and_has_no_password_in_it() -> None:
    services = compose()["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["neo4j"]["ports"])
    assert "${NEO4J_PASSWORD:?" in services["neo4j"]["environment"]["NEO4J_AUTH"]
    assert services["machtigen"]["environment"]["NEO4J_PASSWORD"].startswith("${NEO4J_PASSWORD:?")


def test_compose_runs_the_neo4j_that_we_test_with() -> None:
    release = ".".join(VERSION.split(".")[:2])
    assert compose()["services"]["neo4j"]["image"] == f"neo4j:{release}-community"


def test_compose_builds_the_containerfile() -> None:
    build = compose()["services"]["machtigen"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_containerfile_has_instructions_only() -> None:
    assert {instruction for instruction, _ in containerfile()} <= INSTRUCTIONS


def test_containerfile_names_its_base_images_with_a_version() -> None:
    bases = [arguments.split()[0] for instruction, arguments in containerfile() if instruction == "FROM"]
    assert bases
    assert all(re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-\w+", base) for base in bases)


def test_containerfile_copies_what_there_is_and_every_room() -> None:
    copied = [
        source
        for instruction, arguments in containerfile()
        if instruction == "COPY" and not arguments.startswith("--from")
        for source in arguments.split()[:-1]
    ]
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= set(copied)
    assert not [source for source in copied if not (ROOT / source).exists()]


def test_containerfile_runs_as_nobody_special_and_without_a_shell() -> None:
    last = dict(containerfile())
    assert last["USER"] == "machtigen"
    assert all(last[instruction].startswith("[") for instruction in ("ENTRYPOINT", "CMD", "VOLUME"))
    assert 'CMD ["' in last["HEALTHCHECK"]


@pytest.mark.parametrize("name", QUERIES)
async def test_saved_queries_find_something(neo4j_graph: Neo4jGraph, name: str) -> None:
    await neo4j_graph.append(
        [
            Provider(id="h1", register="PROVIDER", sector="HOSPITAL", status="LIVE"),
            Service(id="h1/record", register="PROVIDER", provider="h1", domain="CARE_RECORD", minimum_assurance="LOW"),
            Person(id="a1", register="BRP", born="1980-01-01"),
            Person(id="kim", register="BRP", born="2020-01-01"),
            Organisation(id="bureau", register="HANDELSREGISTER", kind="OTHER"),
            Employment(id="e1", register="EHERKENNING", employee="a1", organisation="bureau"),
            Authority(id="a1", register="BRP", kind="PARENTAL_JOINT", representative="a1", represented="kim"),
            Authority(id="a2", register="CCBR", kind="BEWIND", representative="bureau", represented="a1"),
            Consent(id="c1", register="PROVIDER", from_="unknown", representative="a1", represented="kim"),
            Ability(id="b1", register="PROVIDER", person="a1", able=True),
            Block(id="k1", register="PROVIDER", provider="h1", represented="kim", reason="SAFETY"),
        ]
    )
    text = QUERIES[name]
    title = text.splitlines()[0]
    assert title.startswith("// ")
    whom = {"03": "kim", "06": "bureau"}.get(name[:2], "a1")
    if "$id" in text:
        assert ":param id" in title
    assert await neo4j_graph._connection.read(text, id=whom, type="authority")


def test_the_style_sheet_knows_every_label_and_no_other() -> None:
    text = (DEPLOY / "neo4j/machtigen.grass").read_text(encoding="utf-8")
    assert set(re.findall(r"^node\.(\w+) \{", text, re.MULTILINE)) == {*_LABELS.values(), "Mentioned", "Fact"}
    assert set(re.findall(r"^relationship\.(\w+) \{", text, re.MULTILINE)) <= set(
        re.findall(r"\[:(\w+)\]", model or "")
    )
    assert text.count("{\n") == text.count("\n}")
    # Browser lets the later rule win: a register that has no fact looks like a register
    assert text.index("node.Mentioned") < text.index("node.Register")

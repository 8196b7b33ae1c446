"""A small real HTTP server with the BRP Personen contract: every exchange is held against its OpenAPI document."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.graph.registers.serving import Handler, serving

CONTRACT = json.loads((Path(__file__).parent / "brp_openapi.json").read_text(encoding="utf-8"))


def _with_discriminators(contract: dict[str, Any]) -> dict[str, Any]:
    """The document as plain JSON Schema: a discriminator becomes a choice, which JSON Schema itself does not make."""
    schemas: dict[str, Any] = copy.deepcopy(contract["components"]["schemas"])
    bases = {name: schema["discriminator"] for name, schema in schemas.items() if "discriminator" in schema}
    prefix = "#/components/schemas/"

    def rewritten(node: Any, *, inherits: bool) -> Any:
        if isinstance(node, list):
            return [rewritten(item, inherits=inherits) for item in node]
        if not isinstance(node, dict):
            return node
        name = str(node.get("$ref", "")).removeprefix(prefix)
        if name in bases and not inherits:
            return {"$ref": f"{prefix}{name}__chosen"}
        return {key: rewritten(value, inherits=key == "allOf") for key, value in node.items()}

    plain = {name: rewritten(schema, inherits=False) for name, schema in schemas.items()}
    for name, discriminator in bases.items():
        field, mapping = discriminator["propertyName"], discriminator["mapping"]
        plain[f"{name}__chosen"] = {
            "required": [field],
            "properties": {field: {"enum": list(mapping)}},
            "allOf": [
                {"if": {"properties": {field: {"const": value}}}, "then": {"$ref": target}}
                for value, target in mapping.items()
            ],
        }
    return plain


SCHEMAS = _with_discriminators(CONTRACT)


def problems(value: object, schema: str) -> list[str]:
    """What breaks the contract."""
    root = {"$ref": f"#/components/schemas/{schema}__chosen", "components": {"schemas": SCHEMAS}}
    found = Draft202012Validator(root).iter_errors(value)
    return [f"{'/'.join(str(p) for p in e.absolute_path)}: {e.message}" for e in found]


class BrpServer:
    """`people` by number, in the contract's shape. `broken`: every exchange that broke the contract."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.broken: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.spoil: Callable[[bytes], bytes] | None = None
        """What the server says instead of what it should: for a register that lies."""
        self.status = 200
        self.url = ""

    def answer(self, body: bytes) -> bytes:
        question = json.loads(body)
        self.asked.append(question)
        self.broken.extend(f"request: {problem}" for problem in problems(question, "PersonenQuery"))
        numbers = question["burgerservicenummer"]
        answer = {"type": question["type"], "personen": [self.people[n] for n in numbers if n in self.people]}
        self.broken.extend(f"answer: {problem}" for problem in problems(answer, "PersonenQueryResponse"))
        said = json.dumps(answer).encode()
        return self.spoil(said) if self.spoil is not None else said


@contextmanager
def brp_server() -> Iterator[BrpServer]:
    """Served on loopback, on a port of its own."""
    brp = BrpServer()

    class Persons(Handler):
        def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
            assert self.path == "/haalcentraal/api/brp/personen"
            brp.keys.append(self.headers.get("x-api-key"))
            self.reply(brp.answer(self.body()), brp.status, "application/json; charset=utf-8")

    with serving(Persons) as url:
        brp.url = f"{url}/haalcentraal/api/brp"
        yield brp


def person(number: str, born: str = "2018-05-01", **more: object) -> dict[str, Any]:
    """Somebody in the contract's shape."""
    return {
        "burgerservicenummer": number,
        "geboorte": {"datum": {"type": "Datum", "datum": born, "langFormaat": "1 mei 2018"}},
        **more,
    }


def named(number: str) -> dict[str, Any]:
    """A parent or third party as the contract names them."""
    return {"burgerservicenummer": number, "naam": {"volledigeNaam": "A. Voorbeeld"}}


def sole(child: str, parent: str) -> dict[str, Any]:
    return {"type": "EenhoofdigOuderlijkGezag", "minderjarige": named(child), "ouder": named(parent)}


def joint(child: str, *parents: str) -> dict[str, Any]:
    return {"type": "GezamenlijkOuderlijkGezag", "minderjarige": named(child), "ouders": [named(p) for p in parents]}

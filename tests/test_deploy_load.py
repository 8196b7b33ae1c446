"""Locust beside the service: the Compose file against its specification, the Helm chart by its schema and rendered.

There is no cluster and no engine here. Where `helm` is on the PATH, or HELM names it, it lints and renders the chart
itself; its own look at `values.yaml` is made here with the same schema either way.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec.models import ComposeSpecification
from jsonschema import Draft7Validator

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy/helm/machtigen"
HELM = os.environ.get("HELM") or shutil.which("helm")
NEEDED = ("--set", "service.issuer=https://issuer.example", "--set", "service.audience=machtigen")


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "deploy/load.compose.yaml").read_text(encoding="utf-8"))
    return loaded


def values() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    return loaded


def schema() -> Draft7Validator:
    return Draft7Validator(json.loads((CHART / "values.schema.json").read_text(encoding="utf-8")))


def test_compose_keeps_to_the_specification() -> None:
    ComposeSpecification.model_validate(compose(), extra="forbid")


def test_locust_runs_our_users_from_the_services_own_image() -> None:
    services = compose()["services"]
    assert set(services) == {"locust-master", "locust-worker"}
    for service in services.values():
        assert service["image"] == "machtigen"
        assert service["entrypoint"][2] == "/opt/machtigen/loadtests/locustfile.py"
    containerfile = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
    assert "COPY loadtests ./loadtests" in containerfile
    assert "WORKDIR /opt/machtigen" in containerfile


def test_locusts_page_is_for_this_machine_only() -> None:
    command = compose()["services"]["locust-master"]["command"]
    assert command[command.index("--web-host") + 1] == "127.0.0.1"


def test_values_keep_to_their_schema_and_mistakes_do_not() -> None:
    assert not list(schema().iter_errors(values()))
    for section, key, wrong in (
        ("service", "replica", 2),
        ("service", "workers", 0),
        ("neo4j", "uri", "http://neo4j"),
        ("locust", "workers", "two"),
    ):
        mistaken = values()
        mistaken[section][key] = wrong
        assert list(schema().iter_errors(mistaken)), (section, key)


def test_templates_ask_for_values_that_there_are() -> None:
    known = {f"{section}.{key}" for section, keys in values().items() for key in keys}
    for template in (CHART / "templates").iterdir():
        asked = set(re.findall(r"\.Values\.(\w+\.\w+)", template.read_text(encoding="utf-8")))
        assert asked <= known, template.name


def test_no_password_is_in_the_chart() -> None:
    for file in CHART.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"(?i)\b(password|token):\s*[^\s{#]", text), file


def rendered(*arguments: str) -> list[dict[str, Any]]:
    assert HELM is not None
    done = subprocess.run(
        [HELM, "template", "try", str(CHART), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


@pytest.mark.skipif(HELM is None, reason="no helm here: go install helm.sh/helm/v3/cmd/helm@latest, or set HELM")
def test_helm_lints_and_renders_it() -> None:
    assert HELM is not None
    linted = subprocess.run(
        [HELM, "lint", "--strict", str(CHART), *NEEDED], capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout
    plain = rendered(*NEEDED)
    assert sorted(each["kind"] for each in plain) == ["Service", "Service", "StatefulSet", "StatefulSet"]
    loaded = rendered(*NEEDED, "--set", "locust.enabled=true", "--set", "locust.workers=5")
    (worker,) = (each for each in loaded if each["metadata"]["name"] == "try-locust-worker")
    assert worker["spec"]["replicas"] == 5
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    assert "--master-host=try-locust" in container["args"]
    for each in loaded:
        labels = each["spec"].get("selector", {})
        wanted = labels.get("matchLabels", labels)
        if each["kind"] != "Service":
            assert wanted.items() <= each["spec"]["template"]["metadata"]["labels"].items()


@pytest.mark.skipif(HELM is None, reason="no helm here")
def test_helm_refuses_a_service_that_would_trust_nobody() -> None:
    assert HELM is not None
    done = subprocess.run([HELM, "template", "try", str(CHART)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "service.issuer: whose tokens are taken" in done.stderr

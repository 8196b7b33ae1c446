"""A worker of the service is killed while it is loaded; the long ones are `make faults`."""

from __future__ import annotations

from pathlib import Path

from tests.loadtests.faults import worker_killed


def test_a_killed_worker_costs_a_few_requests_and_no_truth(tmp_path: Path) -> None:
    found = worker_killed(tmp_path, seconds=15.0)
    findings, whole = found.samples.findings, found.samples.whole
    assert not found.samples.examples
    assert (findings["false_permit"], findings["lost"], findings["wrong"], findings["unasked"]) == (0, 0, 0, 0)
    assert findings["acknowledged"] > 20
    # whoever was being answered saw the connection break; nobody else did
    assert whole.failed <= found.pool
    assert found.samples.dropped == 0
    assert whole.response.percentile(100.0) >= whole.service.percentile(100.0)

"""What is seen of processes beside a run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

from loadtests.watching import Look, Watch, busiest, pid_at

BURN = "import time\nend = time.process_time() + 1.5\nwhile time.process_time() < end: pass\ntime.sleep(30)"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])"


def test_a_busy_child_is_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT]) as parent:
        watch = Watch(parent.pid).start()
        begun = time.monotonic()
        try:
            spent = 0.0
            while spent < 1.2 and time.monotonic() - begun < 60.0:
                time.sleep(0.5)
                looks, before = list(watch.looks), 0.0
                spent = 0.0
                for look in looks:
                    spent += look.cpu * (look.at_s - before)
                    before = look.at_s
            looks = watch.stop()
        finally:
            for child in psutil.Process(parent.pid).children():
                child.kill()
            parent.kill()
    # all that it burnt, however little of the machine it got at a time
    assert spent >= 1.2
    assert all(look.busiest <= look.cpu + 1e-9 for look in looks)
    assert looks[-1].memory > 2**20


def test_the_busiest_ten_seconds_count() -> None:
    looks = [Look(float(at), 1.0, 0.9 if 20 <= at < 30 else 0.1, 0) for at in range(60)]
    assert busiest(looks, 0.0, 60.0) == pytest.approx(0.9)
    assert busiest(looks, 40.0, 60.0) == pytest.approx(0.1)
    assert busiest([], 0.0, 60.0) is None


def test_who_listens_at_a_url_is_found_on_this_machine_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert pid_at(f"http://127.0.0.1:{server.getsockname()[1]}/graphql") == os.getpid()
    assert pid_at("https://service.example/graphql") is None

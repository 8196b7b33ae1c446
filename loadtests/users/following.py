"""Those who follow a decision: over server-sent events, until the first word of it has come."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import msgspec
from geventhttpclient._parser import HTTPParseError
from geventhttpclient.response import HTTPConnectionClosed
from locust import task

from loadtests import wire
from loadtests.users.base import OpenUser

_HEADERS = {"content-type": "application/json", "accept": "text/event-stream"}
_LINES_MAX = 100
"""Looked at for the first word; keep-alive comments are some of them."""


class Subscribers(OpenUser):
    """A frontend that keeps a decision on the screen up to date."""

    weight = 1

    @task
    def follow(self) -> None:
        """Subscribe, hear how the decision is now, and leave."""
        self.session.samples.decisions += 1
        posed = self.session.data.ask("others")
        question = {name: value for name, value in posed.question.items() if name != "id"}
        headers = self.headers_for("provider", party=question["provider"])
        persisted = self.session.plan.persisted
        with self.client.request(
            "POST",
            "/graphql",
            name="Subscribers.follow",
            data=wire.body(wire.DECISION_CHANGED, {"question": question}, persisted=persisted),  # type: ignore[arg-type]  # bytes
            headers={**_HEADERS, **headers},
            catch_response=True,
            stream=True,
        ) as response:
            if response.status_code != 200:
                response.failure(f"HTTP {response.status_code}")
                return
            begun, stream = perf_counter(), response._response
            try:
                told = _first(stream)
            except (OSError, HTTPConnectionClosed, HTTPParseError):
                told = None
            finally:
                # the stream would go on: its connection is of no use for anything else
                if stream._pool is not None and stream._sock is not None:
                    stream._pool.release_socket(stream._sock)
                stream._pool = stream._sock = None
            # the first word is the answer; the head alone says nothing
            response.request_meta["response_time"] += (perf_counter() - begun) * 1e3
            if told is None:
                response.failure("no word came")
                return
            wrong = self.judged(question, (posed.outcome, posed.reason), told["decisionChanged"]["decision"])
            if wrong is not None:
                response.failure(wrong)


def _first(stream: Any) -> Any:
    """The data of the first `next` event; None where it ends or is not understood."""
    event = b""
    for _ in range(_LINES_MAX):
        line = bytes(stream.readline(b"\n"))
        if not line:
            return None
        name, _, value = line.strip().partition(b":")
        if name == b"event":
            event = value.strip()
        elif name == b"data" and event == b"next":
            try:
                return wire.read(value).get("data")
            except (msgspec.DecodeError, AttributeError):
                return None
    return None

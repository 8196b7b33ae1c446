"""What the service can do, asked once by each generator before it begins; and tokens, where it wants them.

Everything goes over HTTP with plain urllib: these requests are not part of the load.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from loadtests import wire
from loadtests.errors import LoadTestError

_SECONDS_MAX: Final = 30.0


class Service:
    """One service at a URL. Raises LoadTestError where it does not answer as it should."""

    def __init__(
        self, url: str, token: str | None = None, tokens: str | None = None, *, persisted: bool = False
    ) -> None:
        self.url, self._persisted = url.rstrip("/"), persisted
        self._token, self._issuer = token, (tokens or url).rstrip("/")
        self._tokens: dict[tuple[str, str, str], dict[str, str]] = {}
        self._issues_tokens: bool | None = None

    def ask(self, document: str, variables: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """The data of an answer without errors."""
        body = self._json("/graphql", wire.body(document, dict(variables), persisted=self._persisted), headers)
        if "errors" in body or "data" not in body:
            raise LoadTestError(f"{self.url}/graphql answered {json.dumps(body)[:300]}")
        return body["data"]

    def headers(self, role: str, sub: str, party: str) -> dict[str, str]:
        """What says who asks: the token given, else one of the issuer's (`tokens`, or `serve --dev`), else nothing."""
        if self._token is not None:
            return {"authorization": f"Bearer {self._token}"}
        if self._issues_tokens is False:
            return {}
        known = self._tokens.get((role, sub, party))
        if known is None:
            known = self._tokens[role, sub, party] = self._fetched(role, sub, party)
        return known

    def _fetched(self, role: str, sub: str, party: str) -> dict[str, str]:
        said = {"role": role, "sub": sub, "party": party, "purpose": "load test"}
        wanted = urlencode({name: value for name, value in said.items() if value})
        try:
            with urlopen(f"{self._issuer}/dev/token?{wanted}", timeout=_SECONDS_MAX) as answer:  # noqa: S310
                text = answer.read().decode()
        except HTTPError as wrong:
            if wrong.code == 404:
                self._issues_tokens = False
                return {}
            raise LoadTestError(f"{self._issuer}/dev/token answered {wrong.code} for role {role}") from None
        except (URLError, OSError) as wrong:
            raise LoadTestError(f"{self._issuer} does not answer: {getattr(wrong, 'reason', wrong)}") from None
        self._issues_tokens = True
        token = str(json.loads(text)["access_token"]) if text.lstrip().startswith("{") else text.strip()
        return {"authorization": f"Bearer {token}"}

    def _json(self, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        request = Request(  # noqa: S310 - the user's own service
            f"{self.url}{path}", body, {"content-type": "application/json", "accept": "application/json", **headers}
        )
        try:
            with urlopen(request, timeout=_SECONDS_MAX) as answer:  # noqa: S310
                found = json.load(answer)
        except HTTPError as wrong:
            text = wrong.read()[:300].decode(errors="replace")
            raise LoadTestError(f"{self.url}{path} answered {wrong.code}: {text}") from None
        except (URLError, OSError, ValueError) as wrong:
            raise LoadTestError(f"{self.url} does not answer: {getattr(wrong, 'reason', wrong)}") from None
        if not isinstance(found, dict):
            raise LoadTestError(f"{self.url}{path} answered {json.dumps(found)[:300]}")
        return found

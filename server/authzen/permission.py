"""Whether this caller may ask this: the same rules as GraphQL's (`resolvers.rules`), in AuthZEN's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from resolvers.caller import Caller, Forbidden
from resolvers.rules import Asking, may_ask
from server.authzen.messages import ActionSearch, Entity, Evaluation, ResourceSearch, SubjectSearch
from server.authzen.questions import LOWEST

_REFUSED: Final = "not for this caller: docs/security.md tells who may ask what"


def permit(caller: Caller, asked: Evaluation | SubjectSearch | ResourceSearch | ActionSearch) -> None:
    """Raises Forbidden, whether or not anybody or anything of it is known."""
    if isinstance(asked, ActionSearch):
        provider = _said(asked.context, "provider")
    else:
        provider = asked.action.name.rpartition("/")[0]
    sides = Asking(
        asked.subject.id if isinstance(asked.subject, Entity) else None,
        asked.resource.id if isinstance(asked.resource, Entity) else None,
        provider or None,
        _said(asked.subject.properties, "assurance") or LOWEST,
        replay=bool(_said(asked.context, "as_of")),
    )
    if not may_ask(caller, sides):
        raise Forbidden(_REFUSED)


def _said(properties: Mapping[str, Any] | None, name: str) -> str:
    said = (properties or {}).get(name)
    return said if isinstance(said, str) else ""

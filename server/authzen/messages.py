"""What is sent. Fields that are not named here are ignored, as the specification asks."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(min_length=1)]
Semantic = Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"]
PERSON: Final = "person"
"""The one type of subject and resource that there is here."""


class Malformed(Exception):
    """Status 400: one sentence that names the place."""


class Entity(msgspec.Struct, frozen=True):
    """A subject or resource."""

    type: Text
    id: Text
    properties: dict[str, Any] | None = None


class Target(msgspec.Struct, frozen=True):
    """The subject or resource that a search looks for; an id in it is ignored."""

    type: Text
    properties: dict[str, Any] | None = None


class Action(msgspec.Struct, frozen=True):
    """`name`: the full id of a service."""

    name: Text
    properties: dict[str, Any] | None = None


class Evaluation(msgspec.Struct, frozen=True):
    """One question."""

    subject: Entity
    action: Action
    resource: Entity
    context: dict[str, Any] | None = None


class Options(msgspec.Struct, frozen=True):
    """Of a batch."""

    evaluations_semantic: Semantic = "execute_all"


class Batch(msgspec.Struct, frozen=True):
    """`evaluations`: each takes what it does not say itself from the batch, whole entities at a time."""

    evaluations: list[dict[str, Any]] | None = None
    options: Options | None = None


class Page(msgspec.Struct, frozen=True):
    """Where a list goes on; "" and nothing: from the beginning."""

    token: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1)] | None = None


class SubjectSearch(msgspec.Struct, frozen=True):
    """Who may do this for this person?"""

    subject: Target
    action: Action
    resource: Entity
    context: dict[str, Any] | None = None
    page: Page | None = None


class ResourceSearch(msgspec.Struct, frozen=True):
    """For whom may this person do this?"""

    subject: Entity
    action: Action
    resource: Target
    context: dict[str, Any] | None = None
    page: Page | None = None


class ActionSearch(msgspec.Struct, frozen=True):
    """What may this person do for that one?"""

    subject: Entity
    resource: Entity
    context: dict[str, Any] | None = None
    page: Page | None = None

"""Pages of a list in ascending order of its keys, with opaque cursors. No list is ever cut silently."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final, Generic, TypeVar

import msgspec

from graph.errors import BadInput, Problem

FIRST_DEFAULT: Final = 50
FIRST_MAX: Final = 100

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """`more`: whether there is anything after the last of these."""

    items: list[T]
    more: bool


def page_of(found: list[T], first: int) -> Page[T]:
    """A page of at most `first`; whoever looked found one more where there is more."""
    return Page(found[:first], len(found) > first)


def checked(first: int | None, default: int = FIRST_DEFAULT) -> int:
    """How many; None: the default. Raises BadInput: more than a page holds is refused, not cut."""
    if first is None:
        return default
    if not 1 <= first <= FIRST_MAX:
        raise BadInput([Problem("WRONG_VALUE", field="first", found=str(first), expected=f"1 to {FIRST_MAX}")])
    return first


def cursor_of(listing: str, *keys: str) -> str:
    """The place after the item with these keys in this list."""
    return urlsafe_b64encode(msgspec.json.encode([listing, *keys])).decode().rstrip("=")


def keys_of(listing: str, cursor: str | None, count: int) -> list[str]:
    """The keys in a cursor of this list; the empty text where there is none. Raises BadInput for any other text."""
    if cursor is None:
        return [""] * count
    try:
        keys = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[str])
    except (NotBase64, ValueError, msgspec.DecodeError):
        keys = []
    if len(keys) != count + 1 or keys[0] != listing:
        raise BadInput([Problem("WRONG_VALUE", field="after", expected="a cursor that this list gave")])
    return keys[1:]

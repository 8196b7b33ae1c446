"""The document that a request names: one of the trusted list, one by its hash, or any.

A list is for who answers to the outside: nothing runs that was not read beforehand, and what is on it is neither
parsed nor validated again. A hash without a list (automatic persisted queries, Apollo) saves bytes only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from schema.costs import BUDGETS
from schema.documents import Document, document_of, read
from schema.errors import Code, Refused
from server.documents.checking import checked
from server.documents.sources import Wrong, hash_of, sources
from server.explorer import DOCUMENTS
from server.http_settings import HttpSettings

SENT_KEPT_MAX: Final = 512
"""Documents that clients registered themselves, in each worker; whoever meets another worker sends it once more."""
_PREFIX: Final = "sha256:"
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
_HASH_LENGTH: Final = 64


class BadDocuments(Exception):
    """A list that cannot be served: every problem on a line of its own."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        super().__init__("\n".join(map(str, wrong)))


def trusted(paths: Iterable[str], budget: int) -> dict[str, Document]:
    """The documents in these files by their hash, parsed and validated. Raises BadDocuments."""
    found, wrong = sources(paths)
    wrong += [each for one in checked(found, budget) for each in one.wrong]
    if wrong:
        raise BadDocuments(wrong)
    return {each.hash: read(each.text) for each in found}


class KnownDocuments:
    """`listed`: the trusted ones by hash. `only`: nothing else is taken."""

    def __init__(self, listed: Mapping[str, Document], *, only: bool) -> None:
        self._by_hash = listed
        self._by_text = {each.text: each for each in listed.values()}
        self._only = only
        self._sent: OrderedDict[str, Document] = OrderedDict()

    def document(self, query: str | None, document_id: str | None, extensions: Mapping[str, Any] | None) -> Document:
        """The one that is meant. Raises Refused."""
        sent_hash = None if extensions is None else _persisted(extensions)
        if document_id is None and sent_hash is None:
            return self._of_text(query)
        name = _hash(document_id if document_id is not None else sent_hash)
        found = self._by_hash.get(name)
        if query is None:
            found = found or self._registered(name)
            if found is None:
                raise Refused(Code.PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
            return found
        if hash_of(query) != name:
            raise Refused(Code.BAD_REQUEST, "the hash is not the sha256 of the document that came with it")
        return found or self._register(name, self._of_text(query))

    def _of_text(self, query: str | None) -> Document:
        if query is None:
            raise Refused(Code.BAD_REQUEST, "a GraphQL request has a query, or the documentId of one")
        found = self._by_text.get(query) if self._by_text else None
        if found is not None:
            return found
        if self._only:
            raise Refused(Code.DOCUMENT_NOT_TRUSTED, "this service takes listed documents only: name one by its hash")
        return document_of(query)

    def _registered(self, name: str) -> Document | None:
        found = self._sent.get(name)
        if found is not None:
            self._sent.move_to_end(name)
        return found

    def _register(self, name: str, document: Document) -> Document:
        if document.tree is not None:
            self._sent[name] = document
            if len(self._sent) > SENT_KEPT_MAX:
                self._sent.popitem(last=False)
        return document


def _persisted(extensions: Mapping[str, Any]) -> object:
    """The hash of Apollo's `persistedQuery`; None: there is none."""
    said = extensions.get("persistedQuery")
    if said is None:
        return None
    if not isinstance(said, dict) or said.get("version") != 1:
        raise Refused(Code.BAD_REQUEST, "extensions.persistedQuery: expected version 1 and a sha256Hash")
    return said.get("sha256Hash", "")


def _hash(said: object) -> str:
    name = said.removeprefix(_PREFIX) if isinstance(said, str) else ""
    if len(name) != _HASH_LENGTH or not _HEXADECIMAL.issuperset(name):
        raise Refused(Code.BAD_REQUEST, "a document is named by its sha256, 64 lower-case hexadecimal digits")
    return name


def known(settings: HttpSettings) -> KnownDocuments:
    """Those of the settings, and those of our own page at `/explore`. Raises BadDocuments."""
    listed = trusted((*settings.documents, str(DOCUMENTS)), max(BUDGETS.values()))
    return KnownDocuments(listed, only=settings.only_documents)

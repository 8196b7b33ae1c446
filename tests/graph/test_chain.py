"""The chain: links hashes, not contents."""

from __future__ import annotations

from hashlib import sha256

from graph.chain import GENESIS, content_hash, link


def test_the_chain_is_plain_sha_256() -> None:
    assert bytes(32) == GENESIS
    assert content_hash(b"{}").hex() == sha256(b"{}").hexdigest()
    assert link(GENESIS, content_hash(b"{}")).hex() == sha256(bytes(32) + sha256(b"{}").digest()).hexdigest()


def test_every_content_and_its_place_matter() -> None:
    one, two = content_hash(b"1"), content_hash(b"2")
    assert link(link(GENESIS, one), two) != link(link(GENESIS, two), one)
    assert link(link(GENESIS, one), two) != link(GENESIS, two)

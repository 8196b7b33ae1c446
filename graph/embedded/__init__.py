"""The embedded graph: one LMDB file, nothing to install or start (DESIGN.md chapters 5 and 9)."""

from __future__ import annotations

from graph.embedded.graph import EmbeddedGraph

__all__ = ["EmbeddedGraph"]

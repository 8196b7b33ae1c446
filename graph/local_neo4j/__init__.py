"""A real Neo4j on this machine, without Docker: its jars from Maven Central, its Java from PyPI (DESIGN.md chapter 8).

For development and tests. Neo4j Community is GPLv3: a tool that our users run, never a part of what we ship.
"""

from graph.local_neo4j.home import Home, Server, Settings
from graph.local_neo4j.running import running, start, stop

__all__ = ["Home", "Server", "Settings", "running", "start", "stop"]

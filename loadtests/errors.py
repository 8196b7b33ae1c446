"""What can be wrong with a load test before it runs.

LoadTestError    a file, a curve, an objective or a service that cannot be used; one line that names it
"""

from __future__ import annotations


class LoadTestError(Exception):
    """One line for whoever started it."""

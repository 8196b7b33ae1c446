"""A study as one HTML page for people: no network, no script, charts as SVG, one module a chart.

The page is drawn from `simulator.study.document`, that is from result.json, and from nothing else: same document, same
bytes.
"""

from simulator.report.page import page

__all__ = ["page"]

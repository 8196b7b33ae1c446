"""Load tests that can be trusted: open arrivals, two clocks, answers checked while loading (docs/loadtests.md).

Read in this order: `arrivals` (when something begins), `dispatching` (who does it, what is dropped), `recording` (both
clocks, histograms that add up), `users` (what they do), `locustfile` (Locust's part), `runs` (a run from begin to
verdict), `objectives`, `report`, `capacity`.
"""

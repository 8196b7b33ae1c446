"""A simulated year as it happens, for a running service to live through (`machtigen rehearse`).

Read in this order: `world` (what is so, and what the registers say of it), `year` (the engine's run as days),
`happenings` (what happens in the year), `asking` (who asks what), `play` (day by day), `tally` (what came of it).

Everything that happens has two days: the one on which it is so, and the one on which a register says so. What the
service must answer follows from the second, what would be right from the first; the difference is the lag. Both come
from `simulator.population.truth`, which knows neither `authority.decide` nor a graph.
"""

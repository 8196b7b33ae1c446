"""One run as a story: SimPy processes that read like simulation.md chapter 5.

The reference for the vectorised engine, not its rival in speed: here the pool really changes its speed, a supplier
really waits for a slot, and every provider has a life of its own.
"""

"""How many machines, when: what was measured, joined with what the simulator expects to be asked (docs/capacity.md).

Read in this order: `measuring` (throughput over concurrency), `assumptions` (every figure that is neither measured nor
simulated), `need` (the calculation), `regret` (buying too early or too late), `answer` (all of it as one document),
`page`.
"""

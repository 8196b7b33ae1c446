"""Register connectors: what another party knows, taken in as facts (docs/registers.md).

A connector knows one source and nothing of ledgers: `poll(since)` gives one page of facts and the watermark after it.
Around it stand the same parts for every source: `polling` takes a page in, `store` remembers the watermark and the
quarantine, `health` decides when to try again, `scheduler` drives them all.
"""

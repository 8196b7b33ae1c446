"""A run as one HTML page: a module a kind of chart, in the style of the simulator's reports; no network, no script."""

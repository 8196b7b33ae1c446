"""All replications at once: NumPy arrays whose axis 0 is the replications."""

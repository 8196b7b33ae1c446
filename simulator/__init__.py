"""Synthetic people and plans: the demo's small country now, population and onboarding model later."""

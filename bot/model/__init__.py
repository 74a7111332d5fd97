"""The only door to a model: in time, within budget, or nothing."""

"""The only door to a model: in time, within budget, or nothing."""

# For others: budget_table, endpoint, local_embedding, prompts.

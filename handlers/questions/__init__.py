"""Answers to questions in plain words."""

# For others: answers.

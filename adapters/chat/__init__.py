"""The chat of the team: digests that can be answered at once."""

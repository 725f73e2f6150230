"""Detection over frames: one implementation for one account and for a million. Workflows never import it."""

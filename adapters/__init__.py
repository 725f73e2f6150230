"""The outside world: one folder per port, each with an embedded part and the real services."""

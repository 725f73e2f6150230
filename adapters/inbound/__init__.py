"""Readers of what comes in, one per form, and the register that keeps it."""

"""Outgoing mail: the port, the embedded outbox, and the gate before it."""

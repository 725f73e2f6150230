"""Webhooks: events for other systems, and what other systems send."""

"""The durable shell, and one thin file per workflow."""

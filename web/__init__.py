"""The web: what other systems and browsers reach over HTTP."""

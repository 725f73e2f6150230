"""The facts of many accounts at once, as frames."""

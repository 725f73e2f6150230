"""The reviews of the process."""

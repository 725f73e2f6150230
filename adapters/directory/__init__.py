"""The team directory."""

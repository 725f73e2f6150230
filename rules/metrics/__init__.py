"""The metrics and reports, counted from what the book holds (F.11, F.15, F.16)."""

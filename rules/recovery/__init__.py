"""The recovery lifecycle: what a saved customer is given for a year, and what becomes of it (POST-1..12)."""

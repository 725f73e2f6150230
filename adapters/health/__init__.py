"""The history of health, day by day."""

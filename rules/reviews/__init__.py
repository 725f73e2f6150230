"""Reviews by the calendar: when each is due, whom it asks, what its page says, and how it ends (RISK-121, METR-8..10)."""

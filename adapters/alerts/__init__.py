"""What was found of accounts and what became of it."""

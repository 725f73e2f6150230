"""The history of product use, by day and account, in columns."""

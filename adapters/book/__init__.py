"""The book: what cases did, kept after their histories expire."""

"""Who gets in: the customer's people and keys, and our own people to the customer's account."""

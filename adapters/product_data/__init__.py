"""Where the product keeps what customers made in it."""

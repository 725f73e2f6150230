"""What reviews are made of, read from the other ports."""

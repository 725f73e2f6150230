"""What sweeps of the portfolio came to."""

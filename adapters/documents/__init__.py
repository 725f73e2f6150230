"""Documents: what they are computed from, how they are written, and where they are kept."""

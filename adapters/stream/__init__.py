"""A Segment-shaped stream: its messages kept once each, and read from lines of JSON."""

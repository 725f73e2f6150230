"""Temporal itself: the connection, the local server, its clock and its search attributes."""

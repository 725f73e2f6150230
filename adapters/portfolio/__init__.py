"""The portfolio as a company exports it: CSV files read into typed rows, and written through the ports."""

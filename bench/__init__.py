"""Measurements of what a case costs: each beside something simpler that runs in the same run, so that ratios hold."""

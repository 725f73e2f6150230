"""Incidents and product gaps that many cases share."""

"""Deletion: every store that holds data of customers has registered itself here."""

"""Webhooks that come in: one file for each sender, which reads them, and works what it kept."""

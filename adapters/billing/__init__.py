"""Billing: subscriptions, invoices, concessions, pauses and refunds."""

"""Billing by Stripe: what was agreed is kept in the subscription's metadata, and Stripe is set to charge by it."""

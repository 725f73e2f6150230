"""Invoices as papers that a customer can keep."""

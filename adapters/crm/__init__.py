"""The CRM: accounts, contacts, seats, tasks and notes."""

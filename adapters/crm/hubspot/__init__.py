"""The CRM in HubSpot: companies, contacts, owners, tasks and notes there; what it has no property for stays here."""

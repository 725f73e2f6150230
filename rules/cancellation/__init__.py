"""The cancellation lifecycle: from a request to a closed account, and nothing owed forgotten (part F)."""

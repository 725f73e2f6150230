"""The retention lifecycle: kept, deleted, gone from the backups too (OFFB-24..26)."""

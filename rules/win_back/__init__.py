"""The memory of who left: reminders inside, and a contact at most once a year (OFFB-50..55)."""

"""Facts from other systems: usage, tickets, NPS answers, inbound facts."""

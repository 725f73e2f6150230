"""What comes in and may be a request to cancel: whether it is one, whose, until when and how much (CANC-10)."""

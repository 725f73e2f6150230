"""What a leaving customer may count on: which policy holds, whether they are spoken to, and when the contract ends."""

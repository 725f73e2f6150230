"""The nouns of Followthrough: frozen pydantic models, with no I/O and no clock."""

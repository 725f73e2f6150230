"""Playbooks and policies as YAML: reading, checking, resolving and comparing them."""

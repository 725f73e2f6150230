"""The command line: groups of commands that ``starter.py`` puts together."""

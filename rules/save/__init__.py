"""The save lifecycle: the stage table as data, and one function per command."""

"""The command line: groups of commands that ``starter.py`` puts together."""

import gc

# The start of a command makes hundreds of thousands of objects that all stay. To look for unused ones after every 700 of
# them, as is usual, takes a tenth of its time.
gc.set_threshold(100_000)

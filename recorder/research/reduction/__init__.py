"""From events to steps: what was done, and the screen as it was just before.

Promises: pure and versioned; the same tables always give the same steps, nothing is clamped,
guessed or left out without being counted. Never in here: files, keys, networks, clocks.
"""

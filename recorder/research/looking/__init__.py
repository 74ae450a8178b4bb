"""Looking at a dataset and judging it: figures, checks, trajectories, its card.

Promises: every figure is computed from the files, and none is told that is not known. Never
in here: what only the collection's keys open.
"""

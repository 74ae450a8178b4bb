"""Copies of a dataset in the formats that agent researchers load.

Promises: a copy appears whole or not at all; what its format cannot say is left out and
counted, never made up. Never in here: anything that is not in the dataset.
"""

"""Building datasets: from sealed bundles to shards of steps, here or on a Ray cluster.

Promises: no bundle is opened that its consent does not cover on the day of the build; a worker
gets the keys of single bundles; what is left out is listed with its reason; every file is
registered before it is written. Never in here: the study's identity outside of `keys`.
"""

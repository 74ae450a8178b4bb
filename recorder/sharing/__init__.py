"""Sharing: what an owner approved for a study, and nothing else.

Promises: only approved rows leave an episode, and an approval holds for exactly the episode
that was looked at. Never in here: a network, or anything that was not approved.
"""

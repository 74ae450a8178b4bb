"""Research: studies, collections and what is made of them.

Promises: a collection holds only what its participants' consent covers, sealed as it came,
and no longer than the notice says. Never in here: a display, capture, or a redaction.
"""

"""Episodes: what was released, on disk, whole and sealed to its owner.

Promises: files appear whole, sequence numbers have no holes, losses are counted, and what
is deleted is gone. Never in here: capture, redaction, or a value without its proof.
"""

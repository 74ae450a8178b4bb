"""Review: a page on this machine, for the owner's eyes only.

Promises: nothing decrypted touches a disk, nothing is fetched from elsewhere, a decision
binds to the picture that was shown. Never in here: capture, or a listener beyond 127.0.0.1.
"""

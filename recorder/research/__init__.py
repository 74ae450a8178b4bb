"""The researcher's side: a study's folder and keys, and what participants shared with it.

Promises: nothing is opened that its sender's consent does not cover, and what a study says
is signed with the key that its notice names. Never in here: a display, the capture
libraries, redaction, or a participant's own keys.
"""

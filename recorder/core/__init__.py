"""Vocabulary that every room speaks: events, frames, scenes, proofs, losses, errors.

Pure values and protocols on the standard library and pydantic.
Never in here: a clock that is read, a disk, a thread, a platform library.
"""

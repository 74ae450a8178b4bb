"""Rules, typed-text reconstruction, screen masks; the only minter of Redacted.

What goes in is raw and lives in memory; what comes out may be stored.
Never in here: a disk, a clock that is read, a platform library, a network.
"""

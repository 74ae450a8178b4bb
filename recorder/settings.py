"""Settings of a person: each key, its default, and where it may come from."""

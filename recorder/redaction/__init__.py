"""Rules, typed-text reconstruction, screen masks; the only minter of Redacted."""

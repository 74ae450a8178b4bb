"""One file per command group, and the wiring of adapters."""

"""Supervisor, pipeline, session state machine, control socket, indicator."""

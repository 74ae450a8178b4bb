"""Schemas, segments, writer, reader, sealing, store, deletion."""

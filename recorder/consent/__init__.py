"""Notices, records, the ledger and the gate that mints a LiveGrant."""

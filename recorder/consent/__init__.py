"""Notices, records, the ledger and the gate that mints a LiveGrant.

Nothing is captured without a record that the person signed for exactly these streams.
Never in here: a flag, a setting or a variable of the environment that stands for a yes.
"""

"""Hearing what happens. In: frames of a WebSocket. Out: attempts of the vault, live or recorded."""

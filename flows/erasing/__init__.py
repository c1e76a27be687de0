"""Forgetting a person: found by any of their names, taken out of every store, kept out from then on, searched for."""

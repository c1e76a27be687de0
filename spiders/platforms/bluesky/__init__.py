"""Bluesky: `api` says how it is asked and `search` how searched, `records` reads what it shows, `trees` flattens threads."""

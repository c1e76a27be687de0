"""Bluesky: `api` says how it is asked, `records` reads what it shows, `trees` flattens its threads."""

"""Bluesky: `api` says how it is asked, `search` how searched, `records` reads what it shows, `trees` its threads."""

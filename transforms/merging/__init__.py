"""Merging: looks at posts, accounts and engagements in; the rows that the lake keeps of them out."""

"""Interactions: posts and engagements in; who acted towards whom, when and how, out (rules 1 to 11)."""

"""Ties: interactions and coverage in; strength and span of any pair of accounts at a moment out."""

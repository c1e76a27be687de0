"""The one way in: batches of records, policy, pseudonyms, landing."""

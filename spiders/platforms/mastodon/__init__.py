"""The Mastodon API family. In: statuses and accounts as the API shows them. Out: records."""

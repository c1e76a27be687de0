"""Help: calls, posts, interactions and ties in; episodes, acts, mobilisers and the study that holds them out."""

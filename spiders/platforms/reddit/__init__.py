"""Reddit: asked by its API, for an app that it approved, and read as the threads that people hold are."""

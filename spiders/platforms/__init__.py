"""One file or folder a platform: how to ask, how to read. In: answers. Out: records. None knows of another."""

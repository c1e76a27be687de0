"""One file a platform: requests to records. Archives, files the user already has, stand beside them."""

"""Any blog: `spider` reads what it shows, `sources` says where a post's comments are, `mentions` what others say."""

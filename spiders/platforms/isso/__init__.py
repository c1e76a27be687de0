"""Isso: `blog` is the blog, `thread` how a thread is asked for, `comments` what stands in an answer."""

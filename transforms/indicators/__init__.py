"""Weekly indicators: what each is, how it is computed and how sure it is stands in docs/methods.md."""

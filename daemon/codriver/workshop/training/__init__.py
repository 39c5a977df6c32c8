"""Training the language model to parse: sentences with their calls, an adapter learnt from them, its file."""

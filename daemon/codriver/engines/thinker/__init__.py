"""The thinker: a language model that turns a sentence into tool calls, in a process of its own."""

"""From a sentence to what is asked for: templates first, the language model where none fits."""

"""From sound to text: the wake word, the end of speech, the transcript."""

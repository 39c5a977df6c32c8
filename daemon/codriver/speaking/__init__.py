"""The words of the answer, how they are spoken, and what they are played on."""

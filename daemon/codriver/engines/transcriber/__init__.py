"""The process that turns recorded speech into text."""

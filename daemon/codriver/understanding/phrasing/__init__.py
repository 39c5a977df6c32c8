"""Words and templates: what a sentence says plainly."""

"""What a sentence is like: learnt from the catalogue's examples."""

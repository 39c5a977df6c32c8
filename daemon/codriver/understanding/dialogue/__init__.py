"""What a sentence means after what was said and done before."""

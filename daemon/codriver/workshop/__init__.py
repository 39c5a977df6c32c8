"""What is built from the product to show and measure it: sandbox, demo, evaluation, bench."""

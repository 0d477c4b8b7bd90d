"""What a bundle carries besides wheels: scripts and a guide, copied as they are. Knows nothing of the program that they start."""

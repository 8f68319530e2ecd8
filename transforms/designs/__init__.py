"""Study designs: each gives rows of estimates.effect, with a number or with the reason for none."""

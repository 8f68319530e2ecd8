"""Rules of others that the estimates are held to: effect sizes and evidence tiers."""

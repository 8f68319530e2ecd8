"""The gate between a candidate build and the published one, and the contract it derives from."""

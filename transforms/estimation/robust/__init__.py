"""Standard errors that rest on clusters: one way, several ways, by wild bootstrap."""

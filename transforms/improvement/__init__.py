"""What to change: indicators of five ideas about professional learning, cost, recommendations."""

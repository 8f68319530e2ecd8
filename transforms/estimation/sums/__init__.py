"""The sums of a design by cell and cluster: made by SQL, added, re-coded, checked, stored."""

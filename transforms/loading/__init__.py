"""Landed text to typed, keyed, pseudonymised core tables; every record is accounted for."""

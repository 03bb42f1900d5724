"""Rosters that come as tables: what the columns mean, who is meant, and what is wrong with a row."""

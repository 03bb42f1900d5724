"""Tables, the one place that commits, and query functions by subject."""

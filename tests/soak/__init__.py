"""The soak: weeks of mixed traffic in minutes, after which nothing may have grown that does not have to."""

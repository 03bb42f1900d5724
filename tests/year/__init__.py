"""A simulated year: people file early, late or never, the bot is killed and down, and nobody may be told wrongly."""

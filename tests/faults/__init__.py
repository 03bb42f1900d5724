"""Whatever breaks around the bot: what people see, that nothing is lost, and that it recovers by itself."""

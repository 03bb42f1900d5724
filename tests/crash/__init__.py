"""The crash test: the bot is killed again and again while people write to it, and nothing may be lost or done twice."""

"""The broadcast storm: thousands are told while the messenger refuses, people block the bot, and it is killed."""

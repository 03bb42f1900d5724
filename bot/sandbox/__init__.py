"""A Bot API server on this machine, with people, groups, a clock to turn and a web chat.

It is the demo's messenger and the test double of the real one. It stands for the messenger's side: nothing
here imports a messenger's library or the rest of the bot.
`world` holds the state, `people` what people do, `bot_api` what the bot may
call, `server` serves both over HTTP.
"""

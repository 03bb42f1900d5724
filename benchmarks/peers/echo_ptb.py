"""The least that answers, on python-telegram-bot: python echo_ptb.py ADDRESS."""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

TOKEN = "1000000001:benchmark"  # noqa: S105 -- opens nothing but the stand-in


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Poll until killed."""
    application = Application.builder().token(TOKEN).base_url(f"{sys.argv[1]}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


main()

"""A python-telegram-bot bot that inserts one row by SQLAlchemy's asyncio extension: python one_row.py ADDRESS FILE."""

import sys

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

TOKEN = "1000000001:benchmark"  # noqa: S105 -- opens nothing but the stand-in


class Base(DeclarativeBase):
    """The table's base."""


class Post(Base):
    """A handed-in text."""

    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int]
    text: Mapped[str]


engine = create_async_engine(f"sqlite+aiosqlite:///{sys.argv[2]}")
sessions: async_sessionmaker[AsyncSession] = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def durable(connection, _record) -> None:  # type: ignore[no-untyped-def]  # the driver's wrapper has no public type
    """As durable as ours."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


async def prepare(_application: object) -> None:
    """Make the table."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def keep(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Insert a row and say so."""
    if update.message and update.message.text:
        async with sessions() as session, session.begin():
            session.add(Post(chat=update.message.chat.id, text=update.message.text))
        await update.message.reply_text("Đã nhận.")


def main() -> None:
    """Poll until killed."""
    application = Application.builder().token(TOKEN).base_url(f"{sys.argv[1]}/bot").post_init(prepare).build()
    application.add_handler(MessageHandler(filters.TEXT, keep))
    application.run_polling()


main()

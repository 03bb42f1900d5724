"""What a messenger with a quota has let through."""

from datetime import date

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.models.base import Table


class ChannelQuota(Table):
    """Messages of one channel on one of its days, both ways. `refused` says that the messenger let no more through.

    `told` names what the operators were told on this day: "day", "month", "refused".
    """

    __tablename__ = "channel_quota"
    channel: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    sent: Mapped[int] = mapped_column(default=0)
    received: Mapped[int] = mapped_column(default=0)
    refused: Mapped[bool] = mapped_column(default=False, server_default=false())
    told: Mapped[str] = mapped_column(default="", server_default="")

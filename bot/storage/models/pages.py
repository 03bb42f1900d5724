"""The directory of pages, groups and channels, their figures, and the page of the week."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.storage.models.base import Table
from bot.storage.models.people import Unit


class PageKind(StrEnum):
    """What a page is; figures differ by it."""

    PAGE = "page"
    GROUP = "group"
    CHANNEL = "channel"


class Page(Table):
    """A unit's official page, group or channel. `key` is its address without what may vary: it is there once."""

    __tablename__ = "pages"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[str]
    platform: Mapped[str]
    name: Mapped[str]
    url: Mapped[str]
    key: Mapped[str]
    administrator: Mapped[str | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    added_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship()
    __table_args__ = (UniqueConstraint("campaign", "key"),)


class PageFigures(Table):
    """A page's figures of one month, as its unit's admin entered them; a later row of the same month replaces it."""

    __tablename__ = "page_figures"
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"))
    month: Mapped[date]  # its first day
    likes: Mapped[int | None]
    followers: Mapped[int | None]
    members: Mapped[int | None]
    posts: Mapped[int | None]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    entered_at: Mapped[datetime]
    __table_args__ = (Index("ix_page_figures_month", "page_id", "month", "id"),)


class WeekPage(Table):
    """A page that was chosen for everybody to look at in a week; `week` is its Monday."""

    __tablename__ = "week_pages"
    campaign: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True, index=True)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    chosen_at: Mapped[datetime]
    broadcast_id: Mapped[int | None] = mapped_column(ForeignKey("broadcasts.id"))
    page: Mapped[Page] = relationship()

"""Sends what the outbox holds: claim, send outside any transaction, record the outcome."""

from bot.delivery.sender import Delivery

__all__ = ["Delivery"]

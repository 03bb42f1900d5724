"""The messengers that the settings name, and where they post their updates."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, SecretStr

from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.domain.quota import Quota
from bot.settings import Settings, StartError

# Where the platform counts its days and months, as far as anybody knows.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Hook:
    """The public address to which a messenger posts, and the secret that comes along."""

    url: str
    secret: str

    @property
    def path(self) -> str:
        """The part of the address after the host, by which our web server tells the messengers apart."""
        return urlsplit(self.url).path


def channels(settings: Settings) -> dict[str, Channel]:
    """Each messenger for which there is a token; StartError if there is none, or if something else that it needs is."""
    found: list[Channel] = []
    if token := settings.telegram_bot_token:
        found.append(TelegramChannel(token.get_secret_value(), settings.api_base))
    if settings.zalo_bot_token:
        if settings.public_base is None:
            raise StartError("Zalo carries files and pictures only as links: set PUBLIC_URL beside ZALO_BOT_TOKEN.")
        found.append(zalo(settings))
    if not found:
        raise StartError(
            "no token is set, TELEGRAM_BOT_TOKEN or ZALO_BOT_TOKEN: put one into .env, or try `sotin sandbox`."
        )
    return {channel.name: channel for channel in found}


def zalo(settings: Settings) -> ZaloChannel:
    """The channel to Zalo; without a token it gets nowhere."""
    token = settings.zalo_bot_token.get_secret_value() if settings.zalo_bot_token else ""
    return ZaloChannel(token, settings.zalo_base, quota(settings))


def quota(settings: Settings) -> Quota:
    """What Zalo lets through by the settings, in which 0 says that no limit is known."""
    return Quota(settings.zalo_messages_a_day or None, settings.zalo_messages_a_month or None, VIETNAM)


def hooks(settings: Settings, names: Mapping[str, Channel], key: bytes) -> dict[str, Hook]:
    """By channel; a secret that is not set is made from `key`, so that it stays the same over restarts."""
    given: dict[str, tuple[AnyHttpUrl | None, SecretStr | None]] = {
        "telegram": (settings.telegram_webhook_url, settings.telegram_webhook_secret),
        "zalo": (settings.zalo_webhook_url, settings.zalo_webhook_secret),
    }
    found = {
        name: Hook(str(url), secret.get_secret_value() if secret else _secret(name, key))
        for name, (url, secret) in given.items()
        if name in names and url
    }
    if len({hook.path for hook in found.values()}) < len(found):
        raise StartError("TELEGRAM_WEBHOOK_URL and ZALO_WEBHOOK_URL must differ in the part after the host.")
    return found


def _secret(name: str, key: bytes) -> str:
    return hmac.new(key, f"webhook|{name}".encode(), "sha256").hexdigest()

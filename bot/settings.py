"""What an installation can set, from the environment or `.env`; `.env.example` mirrors this class."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class StartError(Exception):
    """The bot cannot start; the message is one plain sentence for the operator."""


class Settings(BaseSettings):
    """One field per line of `.env.example`, in the same order."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_base: AnyHttpUrl = AnyHttpUrl("https://api.telegram.org")
    telegram_webhook_url: AnyHttpUrl | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_limit_scale: float = Field(default=1.0, gt=0)
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    database_url: str = "sqlite:///data/sotin.db"
    campaign: str = "long_an"
    facebook_page_tokens: SecretStr | None = None
    youtube_api_key: SecretStr | None = None
    read_tiktok: bool = False
    resolve_short_links: bool = False
    read_public_pages: bool = False
    sources_contact: str = ""
    time_zone: str = "Asia/Ho_Chi_Minh"
    log_level: str = "INFO"
    sandbox_port: int = Field(default=8080, ge=0, le=65535)

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {value!r}") from error
        return value

    @field_validator("log_level")
    @classmethod
    def _level_exists(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("facebook_page_tokens")
    @classmethod
    def _tokens_have_pages(cls, value: SecretStr | None) -> SecretStr | None:
        for pair in value.get_secret_value().split() if value else ():
            number, _, token = pair.partition("=")
            if not (number.isdecimal() and token):
                raise ValueError("must be <number of the page>=<token>, several with blanks between them")
        return value

    @field_validator("campaign")
    @classmethod
    def _some_campaign(cls, value: str) -> str:
        codes = value.split()
        if not codes or len(set(codes)) < len(codes):
            raise ValueError("must be one code or several different ones, with blanks between them")
        return value

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The codes of the installation's campaigns; the first is that of whoever did not choose."""
        return tuple(self.campaign.split())

    @property
    def page_tokens(self) -> dict[str, str]:
        """Number of each own Facebook Page and its token."""
        pairs = self.facebook_page_tokens.get_secret_value().split() if self.facebook_page_tokens else []
        return dict(pair.split("=", 1) for pair in pairs)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which deadlines, weeks and hours are meant."""
        return ZoneInfo(self.time_zone)

    @property
    def api_base(self) -> str:
        """Address of the Bot API server, without a slash at the end."""
        return str(self.telegram_api_base).rstrip("/")

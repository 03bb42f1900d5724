"""What an installation can set, from the environment or `.env`; `.env.example` mirrors this class."""

from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict


class StartError(Exception):
    """The bot cannot start; the message is one plain sentence for the operator."""


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets out of files: where `NAME_FILE` is set, its first line is the value of `NAME`.

    So can systemd or a container runtime hand a secret over that neither the environment nor a list of processes shows.
    """

    def __init__(self, settings_cls: type[BaseSettings], named: EnvSettingsSource) -> None:
        super().__init__(settings_cls)
        self._named = named.env_vars

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value out of the file, None if none is named; StartError if it cannot be read."""
        path = self._named.get(f"{field_name}_file") if is_secret(field_name, field) else None
        return (self._read(field_name, path) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All that files say."""
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value}

    def _read(self, name: str, path: str) -> str:
        if self._named.get(name):
            raise StartError(f"both {name.upper()} and {name.upper()}_FILE are set: leave one of them out.")
        try:
            lines = Path(path).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise StartError(f"{name.upper()}_FILE: {path} cannot be read ({type(error).__name__}).") from None
        if not lines or not lines[0].strip():
            raise StartError(f"{name.upper()}_FILE: {path} is empty.")
        return lines[0].strip()


def is_secret(name: str, field: FieldInfo) -> bool:
    """Whether a setting may stand in a file of its own; the ledger's address may hold a password."""
    return name == "database_url" or SecretStr in (field.annotation, *get_args(field.annotation))


class Settings(BaseSettings):
    """One field per line of `.env.example`, in the same order."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_base: AnyHttpUrl = AnyHttpUrl("https://api.telegram.org")
    telegram_webhook_url: AnyHttpUrl | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_limit_scale: float = Field(default=1.0, gt=0)
    zalo_bot_token: SecretStr | None = None
    zalo_api_base: AnyHttpUrl = AnyHttpUrl("https://bot-api.zaloplatforms.com")
    zalo_webhook_url: AnyHttpUrl | None = None
    zalo_webhook_secret: SecretStr | None = Field(default=None, min_length=8, max_length=256)
    zalo_messages_a_day: int = Field(default=0, ge=0)
    zalo_messages_a_month: int = Field(default=3000, ge=0)
    zalo_limit_scale: float = Field(default=1.0, gt=0)
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    public_url: AnyHttpUrl | None = None
    database_url: str = Field(default="sqlite:///data/sotin.db", repr=False)  # it may hold a password
    campaign: str = "long_an"
    facebook_page_tokens: SecretStr | None = None
    youtube_api_key: SecretStr | None = None
    read_tiktok: bool = False
    resolve_short_links: bool = False
    read_public_pages: bool = False
    sources_contact: str = ""
    operators: str = ""
    operator_bind: str = "127.0.0.1"
    operator_port: int = Field(default=0, ge=0, le=65535)
    heartbeat_url: SecretStr | None = None
    backup_folder: str = ""
    backup_keep: int = Field(default=14, ge=1)
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

    @field_validator("operators")
    @classmethod
    def _operators_are_accounts(cls, value: str) -> str:
        if not all(channel and chat for channel, _, chat in (each.partition(":") for each in value.split())):
            raise ValueError("must be <channel>:<number of the account>, several with blanks between them")
        return value

    @field_validator("heartbeat_url")
    @classmethod
    def _heartbeat_is_private(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("https://"):
            raise ValueError("must be an https address")
        return value

    @field_validator("campaign")
    @classmethod
    def _some_campaign(cls, value: str) -> str:
        codes = value.split()
        if not codes or len(set(codes)) < len(codes):
            raise ValueError("must be one code or several different ones, with blanks between them")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the environment says goes before `.env`; in either, `NAME_FILE` may name the file of a secret."""
        read = (env_settings, dotenv_settings)
        files = (SecretFiles(settings_cls, each) for each in read if isinstance(each, EnvSettingsSource))
        return (init_settings, *(each for pair in zip(read, files, strict=True) for each in pair))

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The codes of the installation's campaigns; the first is that of whoever did not choose."""
        return tuple(self.campaign.split())

    @property
    def operator_accounts(self) -> tuple[tuple[str, str], ...]:
        """Channel and number of each operator's account."""
        pairs = (each.partition(":") for each in self.operators.split())
        return tuple((channel, chat) for channel, _, chat in pairs)

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
    def limit_scales(self) -> dict[str, float]:
        """What multiplies the pace of each channel."""
        return {"telegram": self.telegram_limit_scale, "zalo": self.zalo_limit_scale}

    @property
    def api_base(self) -> str:
        """Address of Telegram's Bot API server, without a slash at the end."""
        return str(self.telegram_api_base).rstrip("/")

    @property
    def zalo_base(self) -> str:
        """Address of Zalo's Bot API server, without a slash at the end."""
        return str(self.zalo_api_base).rstrip("/")

    @property
    def has_token(self) -> bool:
        """Whether the bot can be on any messenger."""
        return bool(self.telegram_bot_token or self.zalo_bot_token)

    @property
    def public_base(self) -> str | None:
        """Address under which people reach the bot's own pages, without a slash at the end."""
        return str(self.public_url).rstrip("/") if self.public_url else None

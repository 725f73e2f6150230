"""The settings of an instance, read once at the start from ``FOLLOWTHROUGH_*``; Temporal's own stay Temporal's."""

from __future__ import annotations

import difflib
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode

from settings.access import AccessSettings
from settings.billing import BillingSettings
from settings.chat import ChatSettings
from settings.crm import CrmSettings
from settings.email import EmailSettings
from settings.files import FilesSettings
from settings.part import LOOPBACK, PREFIX
from settings.temporal import TemporalSettings
from settings.web import Address, WebSettings

__all__ = ["CHECKOUT", "PREFIX", "Settings", "SettingsError", "load_settings"]

CHECKOUT = Path(__file__).resolve().parents[1]
_ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_RECIPIENT = re.compile(r"^[^@\s]*@[^@\s]+$")
_NOT_SHOWN = "a value that is not shown"
_PLAIN_FILE = re.compile(r"sqlite:///[A-Za-z0-9_./-]+")


class SettingsError(Exception):
    """Settings that cannot be used: ``lines`` has one sentence for each, and none of them shows a secret."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


class LogFormat(StrEnum):
    """How a log line looks."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """The least important log line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _folder(path: Path) -> Path:
    return path.expanduser().absolute()


def _playbooks(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("there is no such folder")
    return path


Folder = Annotated[Path, AfterValidator(_folder)]


class Settings(
    EmailSettings,
    CrmSettings,
    BillingSettings,
    AccessSettings,
    FilesSettings,
    ChatSettings,
    WebSettings,
    TemporalSettings,
):
    """What an instance runs with. Each description says what a right value is; errors and docs quote it."""

    home: Folder = Field(
        default=Path(".followthrough"), validate_default=True, description="a folder that may be written to"
    )
    database: str = Field(
        default="",
        repr=False,
        description="a database URL like sqlite:///cases.db or postgresql://user:password@host/name",
    )
    product_data: str = Field(
        default="", repr=False, description="a database URL like sqlite:///product.db, where customers' data lies"
    )
    playbooks: Annotated[Folder, AfterValidator(_playbooks)] = Field(
        default=CHECKOUT / "playbooks", description="a folder with playbooks"
    )
    allow_list: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="addresses or @domains with commas between, or nothing for everyone"
    )
    send_cap_per_hour: int | None = Field(default=None, gt=0, description="a whole number from 1, or none")
    company_name: str = Field(default="Tanglin Cloud", min_length=1, description="a name")
    company_tax_number: str = Field(default="", description="the tax number that invoices show, or nothing")
    company_address: str = Field(
        default="",
        description="the postal address that invoices and certificates show, its lines with semicolons between, or nothing",
    )
    download_page: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"]+)?$",
        description="the URL at which customers enter the codes of their exports, or nothing",
    )
    log_format: LogFormat = Field(default=LogFormat.CONSOLE, description="console or json")
    log_level: LogLevel = Field(default=LogLevel.INFO, description="debug, info, warning or error")
    metrics: Address | None = Field(default=None, description="an address like 127.0.0.1:9464, or none")

    @property
    def database_stays_here(self) -> bool:
        """Whether the database is a PostgreSQL on this machine."""
        url = urlsplit(self.database)
        return url.scheme.startswith("postgresql") and url.hostname in LOOPBACK

    @field_validator("allow_list", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        entries = tuple(entry.strip().lower() for entry in value.split(",") if entry.strip())
        if not all(_RECIPIENT.match(entry) for entry in entries):
            raise ValueError("an entry is no address")
        return entries

    @field_validator("send_cap_per_hour", "metrics", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        return None if isinstance(value, str) and value.strip().lower() == "none" else value

    @field_validator(
        *("log_level", "log_format", "email", "smtp_tls", "crm", "billing", "access", "files", "chat"), mode="before"
    )
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("database")
    @classmethod
    def _usable(cls, value: str) -> str:
        return _async_url(value) if value else value

    @model_validator(mode="before")
    @classmethod
    def _database_under_home(cls, values: dict[str, Any]) -> dict[str, Any]:
        home = _folder(Path(values.get("home") or ".followthrough"))
        own = {"database": f"sqlite:///{home / 'followthrough.db'}", "product_data": f"sqlite:///{home / 'product.db'}"}
        return own | values


def _async_url(value: str) -> str:
    """The URL with the driver that waits without blocking; ValueError where it is no URL or the driver is missing.

    SQLAlchemy is asked about whatever is not plainly a file of SQLite, whose driver always comes along.
    """
    if _PLAIN_FILE.fullmatch(value):
        return value.replace("sqlite:", "sqlite+aiosqlite:", 1)
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = make_url(value)
        url = url.set(drivername=_ASYNC_DRIVERS.get(url.drivername, url.drivername))
        dialect = url.get_dialect()
        dialect.import_dbapi()
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise ValueError("no usable database URL") from error
    if not dialect.is_async:
        raise ValueError("the driver is not asynchronous")
    return url.render_as_string(hide_password=False)


def load_settings() -> Settings:
    """The settings from the environment. Raises SettingsError with one line for each name or value that is wrong."""
    lines = _unknown_names()
    try:
        settings = Settings()
    except ValidationError as error:
        faulty = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors())
        raise SettingsError(lines + [_line(name) for name in faulty]) from None
    if lines := lines + settings.lacking():
        raise SettingsError(lines)
    return settings


def _unknown_names() -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [_unknown(name, known) for name in unknown]


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.upper(), known, n=1)
    return f"{name} is not a setting; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}.")


def _line(name: str) -> str:
    variable = PREFIX + name.upper()
    given = next((value for key, value in os.environ.items() if key.upper() == variable), "")
    field = Settings.model_fields[name]
    shown = _NOT_SHOWN if field.annotation is SecretStr else _shown(given)
    return f"{variable} is {shown}; it must be {field.description}."


def _shown(value: str) -> str:
    """The value as a message may show it: of anything that may hold a password only the scheme."""
    scheme, found, _ = value.partition("://")
    if found:
        return f"'{scheme}://...'"
    return _NOT_SHOWN if "@" in value or len(value) > 80 else f"'{value}'"

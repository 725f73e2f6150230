"""Where the local server of a home listens, as a small file that other processes read."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from models.base import Record


def address_file(home: Path) -> Path:
    """The file under the home that names the running local server."""
    return home / "temporal-address"


class ServerAddress(Record):
    """The address of the server (``host:port``) and the URL of its web page."""

    address: str
    ui: str

    @staticmethod
    def read(home: Path) -> ServerAddress | None:
        """What the file of that home says; None where there is none or where it is broken."""
        try:
            return ServerAddress.model_validate_json(address_file(home).read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None

    def write(self, home: Path) -> None:
        """Put the file in place at once, so that no reader meets half of it."""
        draft = address_file(home).with_suffix(".new")
        draft.write_text(self.model_dump_json() + "\n", encoding="utf-8")
        draft.replace(address_file(home))

    @staticmethod
    def remove(home: Path) -> None:
        """The server is gone; nobody shall look for it."""
        address_file(home).unlink(missing_ok=True)

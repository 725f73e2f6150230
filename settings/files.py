"""The settings of files: a folder of the instance, or a bucket of an S3-compatible service."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import Field, SecretStr

from settings.part import PartSettings, safe_on_its_way, unless


class FilesPart(StrEnum):
    """Where archives of exports lie."""

    FOLDER = "folder"
    S3 = "s3"


class FilesSettings(PartSettings):
    """Where archives of exports lie, and how long a link to one lasts."""

    files: FilesPart = Field(default=FilesPart.FOLDER, description="folder or s3")
    s3_bucket: str = Field(
        default="", pattern=r"^([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])?$", description="the name of a bucket"
    )
    s3_endpoint: str = Field(
        default="",
        pattern=r"^(https?://[^\s<>\"@?#]+)?$",
        description="the URL of an S3-compatible service, or nothing for AWS",
    )
    s3_region: str = Field(
        default="", pattern=r"^[a-z0-9\-]*$", description="the region of the bucket, like ap-southeast-1"
    )
    s3_access_key: str = Field(default="", description="the id of the access key, or nothing for the machine's own")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="the secret of the access key, or nothing")
    s3_link_minutes: int = Field(
        default=60, ge=1, le=10_080, description="whole minutes from 1 to 10080, which is a week"
    )

    @property
    def link_lasts(self) -> timedelta:
        """How long a link to an archive lasts at most."""
        return timedelta(minutes=self.s3_link_minutes)

    def lacking(self) -> list[str]:
        """What the bucket still needs."""
        if self.files is not FilesPart.S3:
            return super().lacking()
        secret = bool(self.s3_secret_key.get_secret_value())
        needed = {
            "S3_BUCKET is not set; FOLLOWTHROUGH_FILES=s3 needs the name of a bucket.": bool(self.s3_bucket),
            "S3_ENDPOINT is not encrypted; http is for a service on this machine only, set https.": safe_on_its_way(
                self.s3_endpoint
            ),
            "S3_SECRET_KEY is not set; FOLLOWTHROUGH_S3_ACCESS_KEY needs it.": secret or not self.s3_access_key,
            "S3_ACCESS_KEY is not set; FOLLOWTHROUGH_S3_SECRET_KEY belongs to one.": bool(self.s3_access_key)
            or not secret,
        }
        return super().lacking() + unless(needed)

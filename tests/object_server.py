"""An S3 service that nobody here wrote (moto), on 127.0.0.1: it keeps objects, and fails as it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any
from uuid import uuid4

import boto3
from moto.server import create_backend_app
from pydantic import SecretStr

from adapters.exports.s3 import S3Server
from tests.wsgi import Answer, Front, says, serving

SECRET = "not-a-secret-key"


@lru_cache
def _moto() -> Answer:
    """One for all tests of a process; each of them has a bucket of its own."""
    app: Answer = create_backend_app("s3")
    return app


class ObjectDesk(Front):
    """The service, with one bucket as a test finds it."""

    def __init__(self) -> None:
        super().__init__(_moto())
        self.bucket = f"b{uuid4().hex}"

    def at(self, **more: Any) -> S3Server:
        """The bucket as settings name it."""
        known = {"bucket": self.bucket, "endpoint": f"http://127.0.0.1:{self.port}", "region": "ap-southeast-1"}
        keys = {"access_key": "AKIAEXAMPLE", "secret_key": SecretStr(SECRET)}
        return S3Server(**known | keys | {"timeout": 10, "attempts": 1} | more)

    @cached_property
    def client(self) -> Any:
        """What looks into the bucket beside our adapter."""
        keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": SECRET, "region_name": "ap-southeast-1"}
        return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.port}", **keys)

    def objects(self) -> dict[str, int]:
        """The size of every object."""
        listed = self.client.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        return {each["Key"]: each["Size"] for each in listed}

    def uploads(self) -> int:
        """How many uploads were begun and never completed."""
        return len(self.client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", ()))

    def sent(self) -> list[str]:
        """The numbers of the parts that came, in their order."""
        return [query for method, _, query in self.asked if method == "PUT" and "partNumber" in query]


def error(status: str, code: str) -> Answer:
    """A no as S3 says it, with words that must be repeated nowhere."""
    body = f"<Error><Code>{code}</Code><Message>key of Sri Wahyuni, {SECRET}</Message></Error>"
    return says(status, body.encode(), Content_Type="application/xml")


@contextmanager
def object_desk() -> Iterator[ObjectDesk]:
    """A service with an empty bucket, on a port of its own."""
    desk = ObjectDesk()
    with serving(desk):
        desk.client.create_bucket(
            Bucket=desk.bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
        )
        desk.asked.clear()
        yield desk

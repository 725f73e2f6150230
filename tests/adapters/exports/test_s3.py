"""Archives in S3: brought over in parts, taken up after a break and proved; and what a no or silence means."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs

import moto.s3.models
import pytest
from botocore.exceptions import ClientError

from adapters.exports.s3 import S3Archives
from adapters.exports.s3_faults import told_as_faults
from adapters.exports.store import Archive
from models.faults import PermanentFault, TransientFault
from tests.exports import ACCOUNT
from tests.object_server import SECRET, ObjectDesk, error
from tests.wsgi import Answer, says

PART = 100_000


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 takes none below 5 MB but the last one; here they are smaller, so that tests are fast."""
    monkeypatch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", PART)


@pytest.fixture
def bucket(objects: ObjectDesk) -> S3Archives:
    return S3Archives(objects.at(), part=PART)


def nobody_looks() -> None:
    """Nobody waits for this attempt."""


def packed(folder: Path, size: int = 2 * PART + 50_000, seed: int = 1) -> tuple[Archive, Path]:
    """A file of an account, of any bytes."""
    file, held = folder / "exp-1.zip", Random(seed).randbytes(size)
    file.write_bytes(held)
    return Archive(id="exp-1", account_id=ACCOUNT, sha256=hashlib.sha256(held).hexdigest(), bytes=size), file


def changed(file: Path, at: int) -> Archive:
    held = bytearray(file.read_bytes())
    held[at] ^= 1
    file.write_bytes(held)
    return Archive(id="exp-1", account_id=ACCOUNT, sha256=hashlib.sha256(held).hexdigest(), bytes=len(held))


def is_there(bucket: S3Archives, archive: Archive, folder: Path) -> bool:
    bucket.fetch(archive, folder / "back")
    return hashlib.sha256((folder / "back").read_bytes()).hexdigest() == archive.sha256


def test_a_large_archive_goes_in_parts_and_comes_back_the_same(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path)
    bucket.keep(archive, file, nobody_looks)
    assert len(objects.sent()) == 3
    assert objects.objects() == {f"exports/{ACCOUNT}/exp-1.zip": archive.bytes}
    assert is_there(bucket, archive, tmp_path)


def test_a_broken_upload_is_taken_up_where_it_broke(bucket: S3Archives, objects: ObjectDesk, tmp_path: Path) -> None:
    archive, file = packed(tmp_path)
    objects.instead.extend([None, None, None, None, error("500 Broken", "InternalError")])
    with pytest.raises(TransientFault, match=r"puts it off \(answer InternalError\)"):
        bucket.keep(archive, file, nobody_looks)
    assert (objects.uploads(), objects.objects()) == (1, {})
    objects.asked.clear()
    bucket.keep(archive, file, nobody_looks)
    assert [parse_qs(query)["partNumber"] for query in objects.sent()] == [["2"], ["3"]]
    assert is_there(bucket, archive, tmp_path)
    assert objects.uploads() == 0


def test_only_an_upload_that_the_service_forgot_is_begun_anew(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path)
    objects.instead.extend([None, None, None, None, error("500 Broken", "InternalError")])
    with pytest.raises(TransientFault):
        bucket.keep(archive, file, nobody_looks)
    objects.asked.clear()
    for answer, fault in (
        (error("503 Busy", "SlowDown"), TransientFault),
        (error("403 No", "AccessDenied"), PermanentFault),
    ):
        objects.instead.extend([None, None, answer])
        with pytest.raises(fault):
            bucket.keep(archive, file, nobody_looks)
    assert (objects.sent(), objects.uploads()) == ([], 1)
    objects.instead.extend([None, None, error("404 No", "NoSuchUpload")])
    bucket.keep(archive, file, nobody_looks)
    assert len(objects.sent()) == 3
    assert is_there(bucket, archive, tmp_path)
    assert objects.uploads() == 0


def test_of_an_archive_that_was_packed_anew_only_what_differs_is_sent(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    _, file = packed(tmp_path)
    first = {"Bucket": objects.bucket, "Key": f"exports/{ACCOUNT}/exp-1.zip"}
    upload = objects.client.create_multipart_upload(**first)["UploadId"]
    for number in (1, 2):
        piece = file.read_bytes()[(number - 1) * PART : number * PART]
        objects.client.upload_part(**first, UploadId=upload, PartNumber=number, Body=piece)
    archive = changed(file, at=PART + 7)
    objects.asked.clear()
    bucket.keep(archive, file, nobody_looks)
    assert [parse_qs(query)["partNumber"] for query in objects.sent()] == [["2"], ["3"]]
    assert is_there(bucket, archive, tmp_path)


def test_an_archive_that_is_there_already_is_not_sent_again(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path)
    bucket.keep(archive, file, nobody_looks)
    objects.asked.clear()
    bucket.keep(archive, file, nobody_looks)
    assert [method for method, _, _ in objects.asked if method != "GET"] == ["HEAD", "HEAD"]
    other = changed(file, at=0)
    bucket.keep(other, file, nobody_looks)
    assert is_there(bucket, other, tmp_path)


def test_an_attempt_that_nobody_waits_for_ends_between_two_parts(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path)
    looks = iter([None, None])

    def gone() -> None:
        if next(looks, "gone"):
            raise TransientFault("nobody waits for this attempt any more")

    with pytest.raises(TransientFault, match="nobody waits"):
        bucket.keep(archive, file, gone)
    assert len(objects.sent()) == 2
    assert objects.objects() == {}


def with_tags_that_say_nothing(service: Answer) -> Answer:
    """As of a bucket that encrypts with keys of its own."""

    def answer(environ: dict[str, Any], begin: Callable[..., Any]) -> Any:
        def began(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            named = [(name, '"opaque"' if name.lower() == "etag" else value) for name, value in headers]
            return begin(status, named if environ["REQUEST_METHOD"] == "HEAD" else headers, *more)

        return service(environ, began)

    return answer


def test_where_the_service_makes_tags_of_its_own_the_archive_is_read_back(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path)
    objects.service = with_tags_that_say_nothing(objects.service)
    bucket.keep(archive, file, nobody_looks)
    assert [path for method, path, query in objects.asked if method == "GET" and not query] != []
    wrong = archive.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(TransientFault, match="is not what was sent; it is sent again"):
        bucket.keep(wrong, file, nobody_looks)


def test_what_was_changed_in_the_bucket_is_given_to_nobody(
    bucket: S3Archives, objects: ObjectDesk, tmp_path: Path
) -> None:
    archive, file = packed(tmp_path, size=1_000)
    bucket.keep(archive, file, nobody_looks)
    objects.client.put_object(Bucket=objects.bucket, Key=f"exports/{ACCOUNT}/exp-1.zip", Body=b"another")
    with pytest.raises(PermanentFault, match="not what was put there") as fault:
        bucket.fetch(archive, tmp_path / "back")
    assert fault.value.kind == "Damaged"
    assert not (tmp_path / "back").exists()


# faults
BUSY, SKEWED = "puts it off", "the clock of this machine is more than 15 minutes off"


@pytest.mark.parametrize(
    ("status", "code", "fault", "sentence"),
    [
        ("403 No", "AccessDenied", PermanentFault, "the key is not allowed to"),
        ("403 No", "InvalidAccessKeyId", PermanentFault, "does not take the key; put FOLLOWTHROUGH_S3_ACCESS_KEY"),
        ("403 No", "SignatureDoesNotMatch", PermanentFault, "does not take the key; put FOLLOWTHROUGH_S3_ACCESS_KEY"),
        ("400 No", "ExpiredToken", PermanentFault, "the key has expired; put FOLLOWTHROUGH_S3_ACCESS_KEY"),
        ("403 No", "RequestTimeTooSkewed", TransientFault, SKEWED),
        ("404 No", "NoSuchBucket", PermanentFault, "no such bucket; check FOLLOWTHROUGH_S3_BUCKET"),
        ("501 No", "NotImplemented", PermanentFault, "uploads in parts, and lists of versions"),
        ("400 No", "Sri Wahyuni, again", PermanentFault, r"refuses it for good; look the code up \(answer 400\)"),
        ("400 No", "BadDigest", TransientFault, "damaged on its way"),
        ("500 Broken", "InternalError", TransientFault, BUSY),
        ("503 Busy", "SlowDown", TransientFault, BUSY),
        ("429 Busy", "TooManyRequests", TransientFault, BUSY),
    ],
)
def test_a_no_is_told_by_what_is_to_be_done(
    bucket: S3Archives,
    objects: ObjectDesk,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    status: str,
    code: str,
    fault: type[Exception],
    sentence: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    archive, file = packed(tmp_path, size=1_000)
    objects.instead.extend([None, None, None, error(status, code)])
    with pytest.raises(fault, match=sentence) as told:
        bucket.keep(archive, file, nobody_looks)
    assert str(told.value).startswith(f"Files by S3 (http://127.0.0.1:{objects.port}, bucket {objects.bucket}): ")
    assert not [words for words in (SECRET, "Wahyuni", "\n") if words in str(told.value)]
    objects.instead.clear()
    bucket.keep(archive, file, nobody_looks)
    assert is_there(bucket, archive, tmp_path)


def test_the_secret_is_in_no_log_line(bucket: S3Archives, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for library in ("", "boto3", "botocore", "urllib3"):  # which a program keeps quiet
        caplog.set_level(logging.DEBUG, library)
    archive, file = packed(tmp_path, size=1_000)
    bucket.keep(archive, file, nobody_looks)
    bucket.link(archive, timedelta(hours=1))
    assert caplog.text
    assert SECRET not in caplog.text


def test_silence_a_closed_door_and_half_an_answer_are_tried_again(objects: ObjectDesk, tmp_path: Path) -> None:
    archive, file = packed(tmp_path, size=1_000)
    S3Archives(objects.at()).keep(archive, file, nobody_looks)
    objects.instead.append(says("200 OK", b"half", Content_Length="1000"))
    with pytest.raises(TransientFault, match="could not be reached or hung up"):
        S3Archives(objects.at()).fetch(archive, tmp_path / "back")

    def late(environ: dict[str, Any], begin: Callable[..., Any]) -> Any:
        time.sleep(1.5)
        return says("500 Late")(environ, begin)

    objects.instead.append(late)
    with pytest.raises(TransientFault, match="did not answer in time"):
        S3Archives(objects.at(timeout=1)).fetch(archive, tmp_path / "back")
    with pytest.raises(TransientFault, match="could not be reached or hung up"):
        S3Archives(objects.at(endpoint="http://127.0.0.1:1")).keep(archive, file, nobody_looks)


def test_without_a_key_it_says_where_one_is_set(
    objects: ObjectDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    keyless = S3Archives(objects.at(access_key="", secret_key=""))
    assert "there is no key; put FOLLOWTHROUGH_S3_ACCESS_KEY" in keyless.check()


def test_a_bucket_of_another_region_is_named(tmp_path: Path) -> None:
    answer = {"Error": {"Code": "PermanentRedirect"}, "ResponseMetadata": {"HTTPStatusCode": 301}}
    with pytest.raises(PermanentFault, match="another region; set FOLLOWTHROUGH_S3_REGION"), told_as_faults("AWS"):
        raise ClientError(answer, "PutObject")  # type: ignore[arg-type]


def test_what_is_busy_for_a_moment_is_asked_again_before_it_is_a_fault(objects: ObjectDesk, tmp_path: Path) -> None:
    archive, file = packed(tmp_path, size=1_000)
    objects.instead.extend([None, None, None, error("503 Busy", "SlowDown")])
    S3Archives(objects.at(attempts=2)).keep(archive, file, nobody_looks)
    assert len(objects.sent()) == 2


# doctor
def test_a_bucket_is_ready_or_the_doctor_says_why_not(bucket: S3Archives, objects: ObjectDesk) -> None:
    assert bucket.check() == ""
    assert {method for method, _, _ in objects.asked} == {"GET"}
    missing = S3Archives(objects.at(bucket="not-there"))
    assert "there is no such bucket; check FOLLOWTHROUGH_S3_BUCKET" in missing.check()

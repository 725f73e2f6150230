"""An instance starts with right settings, or says in one line each what is wrong with them."""

import re
from pathlib import Path

import pytest

from cli.simulation import closed_house
from models.letter import MailTls
from settings import CHECKOUT, LogFormat, Settings, SettingsError, load_settings
from settings.access import AccessPart
from settings.billing import BillingPart
from settings.chat import ChatPart
from settings.crm import CrmPart
from settings.email import EmailPart
from settings.files import FilesPart


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FOLLOWTHROUGH_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def faults(monkeypatch, **values: str) -> tuple[str, ...]:
    for name, value in values.items():
        monkeypatch.setenv(f"FOLLOWTHROUGH_{name.upper()}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.lines


def test_nothing_set_gives_the_embedded_parts_under_one_folder(tmp_path):
    settings = load_settings()
    assert settings.home == tmp_path / ".followthrough"
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/.followthrough/followthrough.db"
    assert settings.email is EmailPart.OUTBOX
    assert settings.playbooks == CHECKOUT / "playbooks"
    assert settings.allow_list == ()
    assert settings.send_cap_per_hour is None
    assert settings.metrics is None


def test_the_database_moves_with_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLLOWTHROUGH_HOME", str(tmp_path / "second"))
    assert load_settings().database == f"sqlite+aiosqlite:///{tmp_path}/second/followthrough.db"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_postgres_gets_its_driver_and_keeps_what_its_url_says(monkeypatch, scheme):
    monkeypatch.setenv("FOLLOWTHROUGH_DATABASE", f"{scheme}://ops:s%40fe@db.example/cases?sslmode=require")
    assert load_settings().database == "postgresql+asyncpg://ops:s%40fe@db.example/cases?sslmode=require"


def test_values_are_read_as_people_write_them(monkeypatch):
    monkeypatch.setenv("FOLLOWTHROUGH_ALLOW_LIST", "Aisyah@pelangi.example, @acme.example,")
    monkeypatch.setenv("FOLLOWTHROUGH_SEND_CAP_PER_HOUR", "none")
    monkeypatch.setenv("FOLLOWTHROUGH_LOG_FORMAT", "JSON")
    monkeypatch.setenv("FOLLOWTHROUGH_METRICS", "127.0.0.1:9464")
    monkeypatch.setenv("FOLLOWTHROUGH_COMPANY_NAME", "")
    settings = load_settings()
    assert settings.allow_list == ("aisyah@pelangi.example", "@acme.example")
    assert settings.send_cap_per_hour is None
    assert settings.log_format is LogFormat.JSON
    assert settings.metrics == "127.0.0.1:9464"
    assert settings.company_name == "Tanglin Cloud"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("send_cap_per_hour", "0", "a whole number from 1, or none"),
        ("email", "pigeon", "outbox or smtp"),
        ("smtp_host", "smtp.example.com/", "the name of the mail server"),
        ("billing", "paypal", "ledger or stripe"),
        ("stripe_url", "http://stripe.example", "where Stripe answers: https"),
        ("smtp_port", "70000", "the port of the mail server"),
        ("smtp_tls", "ssl", "starttls, tls or none"),
        ("smtp_timeout", "60", "seconds for a letter, from 1 to 25"),
        ("sender", "用户@house.example", "the address that mail comes from, in plain letters"),
        ("access", "ldap", "register or scim"),
        ("scim_url", "id.example.com", "the URL under which the SCIM service has /Users"),
        ("scim_read_only", "readers", "roles:NAME, entitlements:NAME or groups:ID"),
        ("scim_account", "name eq 1", "the attribute of a SCIM user that has the account's id"),
        ("files", "ftp", "folder or s3"),
        ("s3_bucket", "My Bucket", "the name of a bucket"),
        ("s3_endpoint", "s3.example.com", "the URL of an S3-compatible service"),
        ("s3_link_minutes", "0", "whole minutes from 1 to 10080"),
        ("log_level", "loud", "debug, info, warning or error"),
        ("metrics", "127.0.0.1:99999", "an address like"),
        ("playbooks", "nowhere", "a folder with playbooks"),
        ("database", "oracle://db", "a database URL"),
        ("allow_list", "everyone", "addresses or @domains"),
        ("download_page", "our portal", "the URL at which customers enter the codes"),
    ],
)
def test_a_bad_value_gets_one_line_that_says_what_would_be_right(monkeypatch, name, value, right):
    (line,) = faults(monkeypatch, **{name: value})
    assert line.startswith(f"FOLLOWTHROUGH_{name.upper()} is ")
    assert right in line
    assert "\n" not in line


def test_every_fault_is_named_at_once(monkeypatch):
    lines = faults(monkeypatch, email="pigeon", send_cap_per_hour="-1", emial="outbox")
    assert len(lines) == 3


def test_an_unknown_name_is_refused_with_the_likely_one(monkeypatch):
    (line,) = faults(monkeypatch, emial="outbox")
    assert line == "FOLLOWTHROUGH_EMIAL is not a setting; did you mean FOLLOWTHROUGH_EMAIL?"


@pytest.mark.parametrize("name", ["database", "email", "metrics", "billing"])
def test_no_message_shows_a_password(monkeypatch, name):
    lines = faults(monkeypatch, **{name: "mystery://ops:hunter2@db.example/x"})
    assert "hunter2" not in "\n".join(lines)


SMTP = {"email": "smtp", "smtp_host": "smtp.house.example", "sender": "care@house.example"}


def test_a_mail_server_is_named_with_encryption_by_default(monkeypatch):
    for name, value in SMTP.items():
        monkeypatch.setenv(f"FOLLOWTHROUGH_{name.upper()}", value)
    settings = load_settings()
    assert (settings.email, settings.smtp_tls) == (EmailPart.SMTP, MailTls.STARTTLS)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"smtp_host": ""}, "FOLLOWTHROUGH_SMTP_HOST is not set; FOLLOWTHROUGH_EMAIL=smtp needs"),
        ({"sender": ""}, "FOLLOWTHROUGH_SENDER is not set; FOLLOWTHROUGH_EMAIL=smtp needs"),
        ({"smtp_tls": "none"}, "FOLLOWTHROUGH_SMTP_TLS is 'none'; that is for a mail server on this machine only"),
        ({"smtp_user": "care"}, "FOLLOWTHROUGH_SMTP_PASSWORD is not set"),
        ({"smtp_password": "hunter2"}, "FOLLOWTHROUGH_SMTP_USER is not set"),
    ],
)
def test_what_a_mail_server_still_needs_is_one_sentence(monkeypatch, changed, sentence):
    (line,) = faults(monkeypatch, **(SMTP | changed))
    assert line.startswith(sentence)
    assert "hunter2" not in line


def test_a_mail_server_on_this_machine_may_go_without_encryption(monkeypatch):
    for name, value in (SMTP | {"smtp_host": "127.0.0.1", "smtp_tls": "NONE"}).items():
        monkeypatch.setenv(f"FOLLOWTHROUGH_{name.upper()}", value)
    assert load_settings().smtp_tls is MailTls.NONE


HUBSPOT = {"crm": "hubspot", "hubspot_token": "pat-hunter2"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"hubspot_token": ""}, "FOLLOWTHROUGH_HUBSPOT_TOKEN is not set; FOLLOWTHROUGH_CRM=hubspot needs"),
        ({"hubspot_properties": "/nowhere.yaml"}, "FOLLOWTHROUGH_HUBSPOT_PROPERTIES names no file"),
        ({"hubspot_url": "http://api.hubapi.com"}, "FOLLOWTHROUGH_HUBSPOT_URL is"),
    ],
)
def test_what_hubspot_still_needs_is_one_sentence(monkeypatch, changed, sentence):
    (line,) = faults(monkeypatch, **(HUBSPOT | changed))
    assert line.startswith(sentence)
    assert "hunter2" not in line


def test_a_played_story_never_reaches_hubspot(tmp_path):
    real = Settings(**HUBSPOT)
    assert closed_house(tmp_path, real).crm is CrmPart.EMBEDDED
    assert "hunter2" not in repr(real)


SLACK = {"chat": "slack", "slack_token": "xoxb-hunter2", "slack_signing_secret": "hunter2"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slack_token": ""}, "FOLLOWTHROUGH_SLACK_TOKEN is not set; FOLLOWTHROUGH_CHAT=slack needs"),
        ({"slack_signing_secret": ""}, "FOLLOWTHROUGH_SLACK_SIGNING_SECRET is not set; FOLLOWTHROUGH_CHAT=slack needs"),
        ({"slack_url": "http://slack.example/api/"}, "FOLLOWTHROUGH_SLACK_URL is not encrypted; http is for"),
        ({"slack_url": "https://slack.example/api"}, "FOLLOWTHROUGH_SLACK_URL is 'https://...'; it must be the URL"),
    ],
)
def test_what_slack_still_needs_is_one_sentence(monkeypatch, changed, sentence):
    (line,) = faults(monkeypatch, **(SLACK | changed))
    assert line.startswith(sentence)
    assert "hunter2" not in line


def test_slack_is_heard_where_it_is_the_chat_and_no_played_story_reaches_it(tmp_path):
    real = Settings(**SLACK)
    assert list(real.heard()) == ["slack"]
    assert real.model_copy(update={"chat": ChatPart.NONE}).heard() == {}
    assert closed_house(tmp_path, real).chat is ChatPart.NONE
    assert "hunter2" not in repr(real)


def test_a_played_story_never_reaches_the_mail_server(tmp_path):
    real = Settings(**SMTP)
    assert closed_house(tmp_path, real).email is EmailPart.OUTBOX


def test_the_settings_themselves_do_not_print_the_password_of_the_mail_server():
    assert "hunter2" not in repr(Settings(**SMTP, smtp_user="care", smtp_password="hunter2"))


@pytest.mark.parametrize("key", ["", "pk_live_hunter2", "hunter2"])
def test_stripe_needs_a_key_that_may_act(monkeypatch, key):
    (line,) = faults(monkeypatch, billing="stripe", stripe_key=key)
    assert line.startswith("FOLLOWTHROUGH_STRIPE_KEY is no key that FOLLOWTHROUGH_BILLING=stripe can use")
    assert "hunter2" not in line


def test_a_played_story_never_reaches_stripe(tmp_path):
    real = Settings(billing="stripe", stripe_key="rk_live_hunter2")
    assert closed_house(tmp_path, real).billing is BillingPart.LEDGER
    assert "hunter2" not in repr(real)


SCIM = {
    "access": "SCIM",
    "scim_url": "https://id.example/v2",
    "scim_token": "hunter2",
    "scim_read_only": "roles:reader",
}
S3 = {"files": "S3", "s3_bucket": "exports", "s3_access_key": "AKIA", "s3_secret_key": "hunter2"}


@pytest.mark.parametrize(
    ("whole", "changed", "sentence"),
    [
        (SCIM, {"scim_url": ""}, "FOLLOWTHROUGH_SCIM_URL is not set; FOLLOWTHROUGH_ACCESS=scim needs"),
        (
            SCIM,
            {"scim_url": "http://id.example/v2"},
            "FOLLOWTHROUGH_SCIM_URL is not encrypted; http is for a service on",
        ),
        (SCIM, {"scim_token": ""}, "FOLLOWTHROUGH_SCIM_TOKEN is not set; FOLLOWTHROUGH_ACCESS=scim needs"),
        (SCIM, {"scim_read_only": ""}, "FOLLOWTHROUGH_SCIM_READ_ONLY is not set; FOLLOWTHROUGH_ACCESS=scim needs"),
        (S3, {"s3_bucket": ""}, "FOLLOWTHROUGH_S3_BUCKET is not set; FOLLOWTHROUGH_FILES=s3 needs"),
        (
            S3,
            {"s3_endpoint": "http://s3.example"},
            "FOLLOWTHROUGH_S3_ENDPOINT is not encrypted; http is for a service on",
        ),
        (S3, {"s3_secret_key": ""}, "FOLLOWTHROUGH_S3_SECRET_KEY is not set; FOLLOWTHROUGH_S3_ACCESS_KEY needs it"),
        (S3, {"s3_access_key": ""}, "FOLLOWTHROUGH_S3_ACCESS_KEY is not set; FOLLOWTHROUGH_S3_SECRET_KEY belongs"),
    ],
)
def test_what_scim_and_s3_still_need_is_one_sentence(monkeypatch, whole, changed, sentence):
    (line,) = faults(monkeypatch, **(whole | changed))
    assert line.startswith(sentence)
    assert "hunter2" not in line


def test_scim_and_s3_on_this_machine_may_go_without_encryption_and_keep_their_secrets(monkeypatch):
    here = {"scim_url": "http://127.0.0.1:8080/v2", "s3_endpoint": "http://localhost:9000"}
    for name, value in (SCIM | S3 | here).items():
        monkeypatch.setenv(f"FOLLOWTHROUGH_{name.upper()}", value)
    settings = load_settings()
    assert (settings.access, settings.scim_reading.value, settings.files) == (AccessPart.SCIM, "reader", FilesPart.S3)
    assert "hunter2" not in repr(settings)


def test_a_played_story_never_reaches_a_companys_people_or_files(tmp_path):
    house = closed_house(tmp_path, Settings(access=AccessPart.SCIM, files=FilesPart.S3))
    assert (house.access, house.files) == (AccessPart.REGISTER, FilesPart.FOLDER)


def test_the_settings_themselves_do_not_print_the_database_url():
    assert "followthrough.db" not in repr(load_settings())


def test_the_operations_page_lists_every_setting():
    page = Path(CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `FOLLOWTHROUGH_(\w+)`", page, flags=re.MULTILINE)
    assert sorted(listed) == sorted(name.upper() for name in Settings.model_fields)


KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_an_endpoint_needs_its_secret_and_a_secret_its_endpoint(monkeypatch):
    assert faults(monkeypatch, webhook_url="https://a.example/h")[0].startswith(
        "FOLLOWTHROUGH_WEBHOOK_SECRET is not set"
    )
    assert faults(monkeypatch, webhook_url="", webhook_secret=KEY)[0].startswith("FOLLOWTHROUGH_WEBHOOK_URL is not set")


@pytest.mark.parametrize("url", ["http://hooks.example/h", "ftp://127.0.0.1/h", "hooks.example", "https://a b"])
def test_events_leave_encrypted_but_to_this_machine(monkeypatch, url):
    (line,) = faults(monkeypatch, webhook_url=url, webhook_secret=KEY)
    assert "must be an https URL for events, http on this machine alone" in line


@pytest.mark.parametrize("name", ["webhook_secret", "mail_webhook_secret"])
@pytest.mark.parametrize("secret", ["whsec_short", "whsec_", "no base64 at all!", "whsec_" + "A" * 200])
def test_a_key_that_is_none_is_refused_and_not_shown(monkeypatch, name, secret):
    lines = faults(monkeypatch, **{name: secret, "webhook_url": "https://a.example/h"})
    assert f"FOLLOWTHROUGH_{name.upper()} is a value that is not shown; it must be whsec_" in " ".join(lines)


def test_hubspot_is_heard_under_the_url_that_it_signs(monkeypatch):
    (line,) = faults(monkeypatch, hubspot_webhook_secret="s")
    assert line.startswith("FOLLOWTHROUGH_WEB_URL is not set")
    monkeypatch.setenv("FOLLOWTHROUGH_WEB_URL", "https://care.example")
    assert list(load_settings().heard()) == ["hubspot"]

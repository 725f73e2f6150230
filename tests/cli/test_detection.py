"""What the command line says of risk: a check that keeps nothing, why an account is at risk, alerts and their dismissal."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from adapters.temporal import schedules
from adapters.temporal.connect import connect
from models.detection import SweepTime
from tests.cli.conftest import CSM, MANAGER, SAMPLE, SERVED, Instance, eventually


@pytest.fixture(scope="module")
def instance(own_instance: Instance) -> Instance:
    """A sweep opens cases of whichever account is at risk."""
    return own_instance


def test_a_fact_is_judged_at_once_and_its_case_is_open(cli, as_json, account):
    as_json("facts", "add", account, "--kind", "will_not_renew", "--by", CSM)
    named = "will_not_renew"
    eventually(
        lambda: {one["rule"]: one["answer"] for one in as_json("alert", "list", "--account", account)}.get(named)
    )
    (alert,) = (one for one in as_json("alert", "list", "--account", account) if one["rule"] == "will_not_renew")
    assert alert["case"] == f"save:{account}"
    eventually(lambda: "will not renew (since" in cli("save", "status", account, "--json").stdout)


def test_an_alert_is_dismissed_with_a_reason_once(cli, as_json, account):  # RISK-85
    as_json("facts", "add", account, "--kind", "minor_usage_drop", "--by", MANAGER)
    eventually(lambda: bool(as_json("alert", "list", "--account", account)))
    named = {one["rule"]: one["id"] for one in as_json("alert", "list", "--account", account)}
    id_ = named["minor_usage_drop"]
    cli("alert", "dismiss", id_, "--by", MANAGER, "--reason", " ", code=2)
    assert "'usr-05' is deactivated" in cli("alert", "dismiss", id_, "--by", "usr-05", "--reason", "x", code=3).output
    done = as_json("alert", "dismiss", id_, "--by", MANAGER, "--reason", "school holidays, as every year")
    assert (done["open"], done["settled_by"]) == (False, MANAGER)
    as_json("alert", "dismiss", id_, "--by", MANAGER, "--reason", "school holidays, as every year")  # sent again
    refusal = cli("alert", "dismiss", id_, "--by", MANAGER, "--reason", "something else", code=3)
    assert "settled since" in refusal.output
    assert "UnknownAlert" in cli("alert", "dismiss", "nothing", "--by", MANAGER, "--reason", "x", code=4).output
    assert id_ not in {one["id"] for one in as_json("alert", "list", "--account", account)}
    # what was dismissed does not come back while it holds
    as_json("facts", "add", account, "--kind", "one_department_stopped", "--by", MANAGER)
    eventually(lambda: len(as_json("alert", "list", "--account", account)) == len(named))
    assert "minor_usage_drop" not in {one["rule"] for one in as_json("alert", "list", "--account", account)}


def test_a_check_keeps_nothing_and_says_what_a_sweep_would_do(cli, as_json, instance):
    before = as_json("alert", "list", "--all")
    checked = as_json("detection", "check")
    assert checked["swept"]["accounts"] == 46 + SERVED
    assert checked["swept"]["unjudged"]["health_score"] > 0  # stated, never silent
    assert as_json("alert", "list", "--all") == before
    assert not list((instance.home / "sweeps").glob("check-*"))
    assert "a sweep now would" in cli("detection", "check").stdout


def test_what_a_sweep_came_to_is_kept_and_told_account_by_account(cli, as_json, account):  # RISK-85
    as_json("facts", "add", account, "--kind", "minor_usage_drop", "--by", MANAGER)
    eventually(lambda: bool(as_json("alert", "list", "--account", account)))
    report = as_json("detection", "sweep")
    assert report["became"]
    assert next(one["id"] for one in as_json("detection", "sweeps")) == report["id"]
    assert report["id"] in cli("detection", "sweeps").stdout
    told = as_json("detection", "sweeps", report["id"])
    counted = Counter(one["what"] for one in told["accounts"])
    assert counted == report["became"]
    assert len(told["insufficient"]) == report["swept"]["insufficient"]  # stated, never silent
    assert "insufficient_data" in cli("detection", "sweeps", report["id"]).stdout
    assert "'detection sweeps' lists them" in cli("detection", "sweeps", "nothing", code=4).output


def test_an_imported_fact_is_judged_at_once(cli, as_json, account, tmp_path):
    (tmp_path / "people.csv").write_text((SAMPLE / "people.csv").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(
        f"id,name,arr,currency,time_zone\n{account},Renamed,50000,USD,UTC\n", encoding="utf-8"
    )
    at = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    (tmp_path / "signals.csv").write_text(
        f"id,account,at,kind,detail,by\nsig-{account},{account},{at},will_not_renew,,\n", encoding="utf-8"
    )
    assert "1 account judged now" in cli("import", str(tmp_path)).stdout
    eventually(lambda: any(one["rule"] == "will_not_renew" for one in as_json("alert", "list", "--account", account)))
    assert "none is judged" in cli("import", str(tmp_path)).stdout


def test_a_statement_in_an_open_save_weighs_at_once(cli, as_json, save):  # RISK-25
    by = ("--by", save.csm)
    said = cli("save", "statement", save.account, "eval_alternatives", "--quote", "we look around", *by).stdout
    assert "1 account judged now" in said
    eventually(
        lambda: "eval_alternatives" in {one["rule"] for one in as_json("alert", "list", "--account", save.account)}
    )


def test_an_account_explains_itself(cli, as_json):
    found = as_json("detection", "explain", "acc-0001", "--tick", "high=3", "--tick", "low=1")
    assert found["probability"]["suggested"] == "high"  # AMB-35
    assert {part["name"] for part in found["health"]["components"]} == {
        "usage",
        "engagement",
        "commercial",
        "relationship",
    }
    assert found["risk"]["severity"] == "critical"
    shown = cli("detection", "explain", "acc-0001").stdout
    assert "a person picks with 'save triage'" in shown
    assert "save window" in shown
    assert "UnknownAccount" in cli("detection", "explain", "acc-9999", code=4).output
    assert "class=number" in cli("detection", "explain", "acc-0001", "--tick", "hope=1", code=2).output


def test_the_schedule_is_set_and_moved(cli, as_json, instance):
    assert "no sweep is scheduled" in cli("detection", "schedule").stdout

    async def set_to(hour: int) -> None:
        await schedules.ensure_sweep(await connect(home=instance.home), SweepTime(hour=hour))

    for hour in (3, 4):
        asyncio.run(set_to(hour))
        found = as_json("detection", "schedule")
        at = datetime.fromisoformat(found["next_at"][0])
        assert at.astimezone(UTC).hour == hour
        assert at - datetime.now(UTC) <= timedelta(days=1)

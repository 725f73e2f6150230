"""Without Temporal there is one line that says where it was looked for and what to do."""

import os
import socket

import pytest

import adapters.temporal.connect as connecting
from adapters.temporal.address import ServerAddress
from adapters.temporal.connect import NoTemporal, connect


@pytest.fixture(autouse=True)
def no_temporal_settings(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


@pytest.fixture
def silent_port():
    """A port that takes a connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


async def test_an_address_file_of_a_server_that_is_gone_is_named(tmp_path):
    ServerAddress(address="127.0.0.1:1", ui="http://127.0.0.1:2").write(tmp_path)
    with pytest.raises(NoTemporal, match=r"No Temporal server answers at 127\.0\.0\.1:1 .*temporal-address.*make demo"):
        await connect(home=tmp_path)


async def test_no_server_is_guessed_since_it_may_be_of_another_instance(tmp_path):
    with pytest.raises(
        NoTemporal, match=r"No Temporal server is named: that of .* is not running, and TEMPORAL_ADDRESS is not set"
    ):
        await connect(home=tmp_path)


async def test_temporals_own_address_wins_over_the_file(tmp_path, monkeypatch):
    ServerAddress(address="127.0.0.1:1", ui="http://127.0.0.1:2").write(tmp_path)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:3")
    with pytest.raises(NoTemporal, match=r"127\.0\.0\.1:3 \(from Temporal's own settings\)"):
        await connect(home=tmp_path)


async def test_a_server_that_never_answers_is_given_up(tmp_path, silent_port, monkeypatch):
    assert connecting.PATIENCE_SECONDS <= 5
    monkeypatch.setattr(connecting, "PATIENCE_SECONDS", 0.3)
    ServerAddress(address=f"127.0.0.1:{silent_port}", ui="").write(tmp_path)
    with pytest.raises(NoTemporal, match="No Temporal server answers"):
        await connect(home=tmp_path)


async def test_a_broken_temporal_toml_gets_one_line(tmp_path, monkeypatch):
    config = tmp_path / "temporal.toml"
    config.write_text("[profile.default\n", encoding="utf-8")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(config))
    with pytest.raises(NoTemporal, match=r"own settings cannot be read .*put right TEMPORAL_\*") as refused:
        await connect(home=tmp_path)
    assert "\n" not in refused.value.sentence


async def test_a_broken_address_file_counts_as_none(tmp_path):
    (tmp_path / "temporal-address").write_text("{", encoding="utf-8")
    assert ServerAddress.read(tmp_path) is None

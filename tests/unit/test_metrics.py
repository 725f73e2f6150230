"""Metrics are served on the address that the settings name, or beside it where that is taken."""

import socket
import urllib.request

from adapters.observe.metrics import free_address, runtime


def test_business_counters_are_served_in_prometheus_form():
    address = free_address("127.0.0.1:0")
    served = runtime(address)
    served.metric_meter.create_counter("followthrough_reminders", "Reminders sent").add(2, {"kind": "save"})
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    assert 'followthrough_reminders_total{kind="save"' in page


def test_a_taken_port_is_replaced_by_a_free_one_of_the_same_host():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        host, _, other = free_address(f"127.0.0.1:{port}").rpartition(":")
    assert host == "127.0.0.1"
    assert int(other) not in (0, port)


def test_a_free_port_is_kept():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    assert free_address(address) == address

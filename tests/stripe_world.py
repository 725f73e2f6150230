"""The Stripe of the tests: ``seahaven-stripe-world``, a stateful one that nobody here wrote, on 127.0.0.1.

It asks for Python 3.14, of which it needs little: it is fetched from the package index once, into ``build/``, its hashes
checked, and what older Pythons cannot read is rewritten line by line. Nothing of it is kept in this repository.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from pydantic import SecretStr

from adapters.billing.stripe.service import StripeAccount
from settings import CHECKOUT

CACHE = CHECKOUT / "build" / "stripe-world"
KEY = "sk_test_followthrough"
PINS = Path(__file__).with_name("stripe_world.txt")
_OLDER: tuple[tuple[str, str], ...] = (
    (r"(?m)^(\s*)except ([\w.]+(?:, [\w.]+)+):", r"\1except (\2):"),
    (r"(?m)^type (\w+) = (Literal\[.*)$", r"\1 = \2"),
    (r"(?m)^type (\w+) = .*$", r"\1 = __import__('typing').Any"),
    (r"(?m)^(\s*)def (\w+)\[[^\]]*\]\(", r"\1def \2("),
    (r"(?m)^class (\w+)\[[^\]]*\](.*:)$", r"class \1\2\n    __class_getitem__ = classmethod(lambda cls, _: cls)"),
    (r"import annotationlib", "import inspect as annotationlib"),
    (r"os\.process_cpu_count", "os.cpu_count"),
    (r"\.__value__", ""),
)
"""What Python 3.11 cannot read, and how it reads it."""


@cache
def fetched() -> Path:
    """The folder from which the stand-in can be imported. Raises RuntimeError where it cannot be had."""
    ready = CACHE / PINS.read_text(encoding="utf-8").split()[0]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.is_dir():
            shutil.rmtree(CACHE / "part", ignore_errors=True)
            _download(CACHE / "part")
            _rewrite(CACHE / "part")
            (CACHE / "part").rename(ready)
    return ready


def _download(folder: Path) -> None:
    """The base interpreter's pip fetches, as it built our tools: the environment of the tests has none."""
    asked = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--ignore-requires-python"]
    pip = [getattr(sys, "_base_executable", sys.executable), "-m", "pip"]
    done = subprocess.run(
        [*pip, *asked, "--require-hashes", "--requirement", str(PINS), "--dest", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            "The Stripe of the tests (tests/stripe_world.txt) cannot be fetched; pip needs a package index that has "
            f"it: {done.stderr.strip().splitlines()[-1:]}"
        )
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)


def _rewrite(folder: Path) -> None:
    for file in folder.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for newer, older in _OLDER:
            text = re.sub(newer, older, text)
        text = re.sub(r'f"\{\n[^"]*?\}', lambda found: " ".join(found[0].split()), text)
        file.write_text(_deferred(text), encoding="utf-8")


def _deferred(text: str) -> str:
    """With annotations that are not evaluated, as 3.14 does; the line goes behind the docstring."""
    if "from __future__ import annotations" in text:
        return text
    docstring = re.match(r'(?s)\s*(#[^\n]*\n)*r?"""(.*?)"""\n', text)
    at = docstring.end() if docstring else 0
    return f"{text[:at]}from __future__ import annotations\n{text[at:]}"


class Asked(NamedTuple):
    """A request as it arrived: its parameters are those of the body, or of the address."""

    method: str
    path: str
    given: dict[str, str]
    key: str


class StripeWorld:
    """One Stripe account of the tests, on a port of its own, at the moment that ``clock`` shows.

    ``answers`` are given before the account's own, one a request: a status with headers and body, or None to hang up.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        sys.path.insert(0, str(fetched()))
        try:
            self._messages = importlib.import_module("seahaven.http.messages")
            self._runtime = importlib.import_module("seahaven.http.runtime")
            self._handle = importlib.import_module("seahaven_stripe_world.http_api.handler").handle
            self._world = importlib.import_module("seahaven_stripe_world.world").world
            importlib.import_module("seahaven_stripe_world")
        finally:
            sys.path.remove(str(fetched()))
        self._account = self._world.instance(startup={"livemode": False}, now=clock().isoformat(), clock_mode="fixed")
        self._clock = clock
        self._turn = threading.Lock()
        self.answers: deque[Answer | None] = deque()
        self.lost: deque[str] = deque()
        self.asked: list[Asked] = []
        self.keys = {KEY}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, self))
        self._thread = threading.Thread(target=partial(self._server.serve_forever, poll_interval=0.02), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def account(self) -> StripeAccount:
        """The account as settings name it."""
        return StripeAccount(key=SecretStr(KEY), url=self.url)

    def given(self, path: str) -> dict[str, str]:
        """What was given with the last thing made at a path."""
        return next(one.given for one in reversed(self.asked) if (one.method, one.path) == ("POST", path))

    def forget_keys(self) -> None:
        """Forget idempotency keys, as Stripe does after a day."""
        with self._turn, self._account.bulk() as account:
            account.db.execute("DELETE FROM idempotency_keys")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Take requests and say nothing, until the end of the block."""
        with self._turn:
            yield

    def stop(self) -> None:
        """Listen no more and forget the account."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        self._account.destroy()

    def take(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """Note a request and answer it; None hangs up. Of a change whose path has what ``lost`` says, the answer is lost."""
        path, _, query = address.partition("?")
        given = dict(parse_qsl(body.decode() or query))
        self.asked.append(Asked(method, path, given, headers.get("Idempotency-Key", "")))
        if self.answers:
            return self.answers.popleft()
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.keys:
            said = {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_te***ough"}}
            return Answer(401, {}, json.dumps(said).encode())
        with self._turn:
            self._account.clock._start = self._clock()
            done = self._done(method, path, query, headers, body, given)
        if self.lost and method == "POST" and self.lost[0] in path:
            self.lost.popleft()
            return None
        return Answer(done.status, dict(done.headers), done.body_bytes)

    def _done(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, given: dict[str, str]
    ) -> Any:
        """The account's answer, with what Stripe does and the stand-in leaves out."""
        if (method, path) == ("POST", "/v1/subscription_schedules"):  # it wants the customer of the subscription, too
            body += f"&customer={self._owner(given['from_subscription'], headers)}".encode()
        if path.startswith("/v1/subscription_schedules/"):  # its phases have no discounts
            body = urlencode({name: value for name, value in given.items() if "[discounts]" not in name}).encode()
        if (method, path) == ("POST", "/v1/invoices"):  # it knows no taxes there
            body = urlencode({name: value for name, value in given.items() if "tax_rates" not in name}).encode()
        done = self._ask(method, path, query, headers, body)
        named = {name: value for name, value in given.items() if name.startswith("metadata[")}
        if (method, path) == ("POST", "/v1/invoices") and done.status == 200 and named:  # it forgets their metadata
            plain = {name: value for name, value in headers.items() if name != "Idempotency-Key"}
            return self._ask(method, f"{path}/{json.loads(done.body)['id']}", "", plain, urlencode(named).encode())
        return done

    def _owner(self, subscription: str, headers: Mapping[str, str]) -> str:
        found = self._ask("GET", f"/v1/subscriptions/{subscription}", "", headers, b"")
        return str(json.loads(found.body)["customer"])

    def _ask(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Any:
        request = self._messages.HttpRequest(method, path, query, tuple(headers.items()), body)
        return self._runtime.dispatch(self._account, self._handle, request)


class Answer(NamedTuple):
    """What the server says; ``length`` promises more than there is, where set."""

    status: int
    headers: dict[str, str] = {}
    body: bytes = b"{}"
    length: int = 0


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer leaves in one piece
    disable_nagle_algorithm = True

    def __init__(self, house: StripeWorld, *args: Any) -> None:
        self._house = house
        super().__init__(*args)

    def do_POST(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self._house.take(self.command, self.path, dict(self.headers.items()), body)
        if said is None:
            self.close_connection = True
            return
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(said.length or len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)
        self.wfile.flush()
        self.close_connection = bool(said.length)

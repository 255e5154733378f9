"""Notices: when they are due, and that they arrive at a real mail server and a real web server."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from archive.configuration import Configuration, Mail, Webhook
from archive.notices import NoticeError, is_due, send

PROBLEM = {
    "portal": "xxgk",
    "code": "listing-empty",
    "url": "http://xxgk/col",
    "message": "列表是空的",
    "message_en": "It is empty.",
}


def record(day: int, outcome: str, *codes: str, notified: bool = False) -> dict:
    found = {
        "id": f"202601{day:02}T030000Z",
        "started_at": f"2026-01-{day:02}T03:00:00Z",
        "outcome": outcome,
        "problems": [{**PROBLEM, "code": code} for code in codes],
        "requests": 12,
    }
    return {**found, "notified": ["mail"]} if notified else found


SETTINGS = Configuration(repeat_days=7)


def test_trouble_is_told_once_and_again_when_it_changes_or_a_week_has_passed():
    told = record(1, "attention", "listing-empty", notified=True)
    assert is_due(record(1, "attention", "listing-empty"), [], SETTINGS)
    assert not is_due(record(2, "attention", "listing-empty"), [told], SETTINGS)
    assert is_due(record(2, "attention", "listing-empty", "host-down"), [told], SETTINGS)
    assert is_due(record(2, "failed", "listing-empty"), [told], SETTINGS)
    untold = [record(day, "attention", "listing-empty") for day in range(2, 8)]
    assert not is_due(untold[-1], [told, *untold[:-1]], SETTINGS)
    assert is_due(record(8, "attention", "listing-empty"), [told, *untold], SETTINGS)


def test_a_killed_run_is_told_and_a_quiet_night_is_not():
    assert is_due(record(1, "killed"), [], SETTINGS)
    assert not is_due(record(1, "done"), [], SETTINGS)


def test_that_all_is_well_again_is_told_once():
    told = record(1, "failed", notified=True)
    assert is_due(record(2, "done"), [told], SETTINGS)
    assert not is_due(record(3, "done"), [told, record(2, "done", notified=True)], SETTINGS)


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client that sends one message needs."""

    def handle(self):
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")  # noqa: E731
        say("220 test")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                say("354 go on")
                lines = []
                while (data := self.rfile.readline()) != b".\r\n":
                    lines.append(data)
                self.server.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
            say("221 bye" if line.startswith(b"QUIT") else "250 ok")
            if line.startswith(b"QUIT"):
                return


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(server):
    server.messages = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_mail_names_what_needs_a_person_in_both_languages():
    with served(socketserver.TCPServer(("127.0.0.1", 0), _Mailbox)) as server:
        mail = Mail(to=("a@example.org", "b@example.org"), server="127.0.0.1", port=server.server_address[1])
        assert send(record(1, "attention", "listing-empty"), Configuration(mail=mail)) == [
            "mail to a@example.org, b@example.org"
        ]
        (message,) = server.messages
    assert message["To"] == "a@example.org, b@example.org"
    assert "1 matters need a person" in message["Subject"]
    text = message.get_content()
    assert all(
        word in text for word in ("[xxgk] listing-empty http://xxgk/col", "列表是空的", "It is empty.", "requests 12")
    )


def test_a_webhook_gets_json_and_its_token(tmp_path):
    (tmp_path / "token").write_text("s3cret\n")
    with served(HTTPServer(("127.0.0.1", 0), _Hook)) as server:
        server.status = 204
        hook = Webhook(f"http://127.0.0.1:{server.server_address[1]}/hook", str(tmp_path / "token"))
        send(record(1, "failed", "host-down"), Configuration(webhook=hook))
        ((path, authorization, body),) = server.messages
    assert (path, authorization) == ("/hook", "Bearer s3cret")
    assert (body["outcome"], body["run"]) == ("failed", "20260101T030000Z")
    assert body["problems"][0]["code"] == "host-down"


def test_a_way_that_fails_is_named_without_its_secret_and_the_other_is_still_taken():
    with served(HTTPServer(("127.0.0.1", 0), _Hook)) as server:
        server.status = 403
        hook = Webhook(f"http://127.0.0.1:{server.server_address[1]}/secret-hook")
        # Port 9, discard: nothing listens on loopback.
        both = Configuration(mail=Mail(to=("a@example.org",), server="127.0.0.1", port=9), webhook=hook)
        with pytest.raises(NoticeError) as caught:
            send(record(1, "failed"), both)
        assert len(server.messages) == 1
    assert "a@example.org" in str(caught.value)
    assert "403" in str(caught.value)
    assert "secret-hook" not in str(caught.value)

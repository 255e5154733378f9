"""Tells the operator how a run ended, by mail or webhook, as ``config.toml`` says."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from pathlib import Path

from archive.configuration import Configuration, Mail, Webhook

# A server that does not answer must not keep the run's lock for long. In seconds.
_TIMEOUT = 30
# Problems named in a notice; the rest is counted. All are in the run record.
_NAMED = 20


class NoticeError(RuntimeError):
    """A notice could not be sent. The message says where to and why."""


def is_due(record: Mapping, earlier: Sequence[Mapping], configuration: Configuration) -> bool:
    """Whether the operator is to be told of a run that has ended.

    Once an outcome of ``notify_when``, then again when the trouble is another one or ``repeat_days`` have passed; and
    once when all is well again after trouble that was told. ``earlier`` are the records before it, oldest first.
    """
    told = next((run for run in reversed(earlier) if run.get("notified")), None)
    kind = "failed" if record["outcome"] == "killed" else record["outcome"]
    if kind not in configuration.notify_when:
        return kind == "done" and told is not None and told["outcome"] != "done"
    if told is None or _trouble(told) != _trouble(record):
        return True
    passed = datetime.fromisoformat(record["started_at"]) - datetime.fromisoformat(told["started_at"])
    # Runs start some minutes earlier or later from night to night.
    return passed >= timedelta(days=configuration.repeat_days) - timedelta(hours=1)


def compose(record: Mapping) -> tuple[str, str]:
    """Return subject and text of the notice of a run: how it ended, what needs a person, what was done."""
    problems = record.get("problems", [])
    words = {"done": "done, all is well", "attention": f"{len(problems)} matters need a person"}
    subject = f"[xxgk] run {record['id']}: {words.get(record['outcome'], record['outcome'])}"
    lines = [subject.partition("] ")[2], ""]
    for entry in problems[:_NAMED]:
        lines += [f"* [{entry['portal'] or 'archive'}] {entry['code']} {entry['url'] or ''}".rstrip()]
        lines += [f"  {entry['message']}", f"  {entry.get('message_en', '')}".rstrip(), ""]
    if len(problems) > _NAMED:
        lines += [f"... and {len(problems) - _NAMED} more: see the run record.", ""]
    counters = ("requests", "bytes", "listed", "new", "changed", "unchanged", "gone")
    lines += [", ".join(f"{name} {record.get(name) or 0}" for name in counters), "", "xxgk status says more."]
    return subject, "\n".join(lines) + "\n"


def send(record: Mapping, configuration: Configuration) -> list[str]:
    """Send the notice of a run to wherever the configuration says, and return where it went.

    Raises NoticeError after all were tried when one of them could not be reached.
    """
    ways: dict[str, Callable[[], None]] = {}
    if configuration.mail:
        ways["mail to " + ", ".join(configuration.mail.to)] = partial(_mail, record, configuration.mail)
    if configuration.webhook:
        ways[f"webhook at {_host(configuration.webhook.url)}"] = partial(_post, record, configuration.webhook)
    sent, failed = [], []
    for where, way in ways.items():
        try:
            way()
            sent.append(where)
        except (OSError, smtplib.SMTPException, NoticeError) as error:
            failed.append(f"{where}: {error}")
    if failed:
        raise NoticeError("; ".join(failed))
    return sent


def _mail(record: Mapping, settings: Mail) -> None:
    subject, text = compose(record)
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, settings.sender, ", ".join(settings.to)
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=socket.getfqdn())
    # Nobody's holiday answer is wanted.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    trust = ssl.create_default_context()
    encrypted = settings.security == "tls"
    connect = partial(smtplib.SMTP_SSL, context=trust) if encrypted else smtplib.SMTP
    with connect(settings.server, settings.port, timeout=_TIMEOUT) as server:
        if settings.security == "starttls":
            server.starttls(context=trust)
        if settings.user:
            server.login(settings.user, _secret(settings.password_file))
        server.send_message(message)


def _post(record: Mapping, settings: Webhook) -> None:
    import httpx  # the web stack: only who sets a webhook waits for it

    subject, text = compose(record)
    # `text` alone is what chat services show; the rest is for programs.
    body = {"text": text, "subject": subject, "outcome": record["outcome"], "run": record["id"]}
    body["problems"] = list(record.get("problems", []))
    headers = {"Content-Type": "application/json"}
    if settings.token_file:
        headers["Authorization"] = f"Bearer {_secret(settings.token_file)}"
    data = json.dumps(body, ensure_ascii=False).encode()
    try:
        answer = httpx.post(settings.url, content=data, headers=headers, timeout=_TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NoticeError(f"{type(error).__name__} {error}") from error
    if not answer.is_success:
        raise NoticeError(f"it answered HTTP {answer.status_code}")


def _secret(file: str | None) -> str:
    return Path(file).read_text("utf-8").strip() if file else ""


def _host(url: str) -> str:
    """The host alone: addresses of webhooks are secrets themselves."""
    return url.split("://", 1)[-1].split("/", 1)[0].rpartition("@")[2]


def _trouble(record: Mapping) -> set[tuple[str, str]]:
    return {(entry["portal"], entry["code"]) for entry in record.get("problems", [])} | {("", record["outcome"])}

"""The operator's own settings: ``config.toml`` in the data folder. All of it is optional."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

FILE = "config.toml"
_SECURITY = ("none", "starttls", "tls")
_WHEN = ("failed", "attention", "done")
_Kind = TypeVar("_Kind")


class ConfigurationError(ValueError):
    """The operator's settings cannot be used. The message names the file, the setting and what it may be."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Where notices are mailed to, and through which server.

    ``security`` is ``none``, ``starttls`` or ``tls``. The password stands in a file of its own, ``password_file``, so
    that the settings can be shown around.
    """

    to: tuple[str, ...]
    sender: str = "xxgk@localhost"
    server: str = "localhost"
    port: int = 25
    security: str = "none"
    user: str | None = None
    password_file: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """The address that notices are posted to, as JSON. ``token_file`` holds a bearer token, if it asks for one."""

    url: str
    token_file: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an operator may set.

    ``crawl`` holds settings of ``[crawl]`` in portals.toml that go before it. A notice is sent when a run ended in
    one of ``notify_when``; the same trouble is told again after ``repeat_days``. Logs are kept ``log_days``.
    """

    crawl: Mapping[str, Any] = field(default_factory=dict)
    notify_when: tuple[str, ...] = ("failed", "attention")
    repeat_days: int = 7
    mail: Mail | None = None
    webhook: Webhook | None = None
    log_days: int = 90


def load_configuration(data: Path) -> Configuration:
    """Read ``config.toml`` of a data folder; without one, the defaults hold. Raises ConfigurationError."""
    path = data / FILE
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Configuration()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    _only(path, "", given, {"crawl", "notify", "logs"})
    notify = _section(path, given, "notify")
    logs = _section(path, given, "logs")
    _only(path, "[notify] ", notify, {"when", "repeat_days", "mail", "webhook"})
    _only(path, "[logs] ", logs, {"days"})
    mail = _record(path, "notify.mail", notify.get("mail"), Mail)
    if mail and mail.security not in _SECURITY:
        raise ConfigurationError(f"{path}: [notify.mail] security is {mail.security!r}, not one of {_SECURITY}")
    when = notify.get("when", Configuration().notify_when)
    if not isinstance(when, list | tuple) or not set(when) <= set(_WHEN):
        raise ConfigurationError(f"{path}: [notify] when is {when!r}, not a list of {_WHEN}")
    return Configuration(
        crawl=_section(path, given, "crawl"),
        notify_when=tuple(when),
        repeat_days=_days(path, "[notify] repeat_days", notify.get("repeat_days", Configuration().repeat_days)),
        mail=mail,
        webhook=_record(path, "notify.webhook", notify.get("webhook"), Webhook),
        log_days=_days(path, "[logs] days", logs.get("days", Configuration().log_days)),
    )


def _section(path: Path, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = given.get(name, {})
    if not isinstance(section, dict):
        raise ConfigurationError(f"{path}: {name} is {section!r}, not a table: write [{name}]")
    return section


def _only(path: Path, where: str, given: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise ConfigurationError(f"{path}: {where}{unknown[0]!r} is no setting; there are {', '.join(sorted(known))}")


def _days(path: Path, name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigurationError(f"{path}: {name} is {value!r}, not a number of days")
    return value


def _record(path: Path, name: str, given: object, kind: type[_Kind]) -> _Kind | None:
    """Make a dataclass of a table, each setting of the type of its field."""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ConfigurationError(f"{path}: [{name}] is {given!r}, not a table")
    known = {entry.name: entry for entry in fields(kind)}
    _only(path, f"[{name}] ", given, set(known))
    for entry in known.values():
        if entry.default is MISSING and entry.name not in given:
            raise ConfigurationError(f"{path}: [{name}] lacks {entry.name}")
    values = {}
    for key, value in given.items():
        wanted = {"int": int, "tuple[str, ...]": list}.get(str(known[key].type), str)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise ConfigurationError(f"{path}: [{name}] {key} is {value!r}, not a {wanted.__name__}")
        values[key] = tuple(value) if wanted is list else value
    return kind(**values)

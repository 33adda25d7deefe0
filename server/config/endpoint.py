"""Where programs are sent, which only the user may say: never a workspace's files."""

import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, SecretStr

from server.config.keyring import credentials_for
from server.config.options import ConfigError, kebab_case

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_CREDENTIALS = ("token", "modal_key", "modal_secret")

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class EndpointSettings(BaseModel):
    """The endpoint and the credentials for it.

    Parameters
    ----------
    url
        `None` for the endpoint on this machine, which is started on demand.
    token
        Sent as `Authorization: Bearer`.
    modal_key, modal_secret
        Sent as `Modal-Key` and `Modal-Secret`, for an endpoint behind Modal's proxy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = None
    token: SecretStr | None = None
    modal_key: SecretStr | None = None
    modal_secret: SecretStr | None = None

    @property
    def has_credentials(self) -> bool:
        """Whether anything secret would be sent."""
        return any((self.token, self.modal_key, self.modal_secret))


def user_config_file() -> Path:
    """Return the path of the user's own configuration, which need not exist."""
    return platformdirs.user_config_path("wpc") / "config.toml"


def endpoint_settings(url: str | None = None) -> EndpointSettings:
    """Resolve the endpoint: the user's file < the environment < `url`.

    Credentials come from the environment, else the keyring, else the user's file, and go to the
    URL that stands beside them only; those of an environment without a URL go to any. The keyring
    may take its time, and ask.

    Parameters
    ----------
    url
        As given on the command line or by the user's (not the workspace's) editor settings.

    Raises
    ------
    ConfigError
        Where the URL is none, a secret would travel unencrypted, or the user's file is
        readable by others.
    """
    said = _user_file()
    environment = {
        name: value
        for name, variable in (
            ("url", "WPC_ENDPOINT"),
            ("token", "WPC_TOKEN"),
            ("modal_key", "WPC_MODAL_KEY"),
            ("modal_secret", "WPC_MODAL_SECRET"),
        )
        if (value := os.environ.get(variable))
    }
    wanted = (url or environment.get("url") or said.get("url", "")).rstrip("/") or None
    if wanted != (said.get("url", "").rstrip("/") or None):
        said = {}
    if environment.get("url", wanted or "").rstrip("/") != (wanted or ""):
        environment = {}
    kept = _kept(wanted, environment) if wanted else {}
    settings = EndpointSettings.model_validate(said | kept | environment | {"url": wanted})
    _refuse_unsafe(settings)
    return settings


def _kept(url: str, known: Collection[str]) -> dict[str, str]:
    names = {kebab_case(name): name for name in _CREDENTIALS if name not in known}
    found = credentials_for(url, names)
    return {names[name]: secret for name, secret in found.items()}


def _user_file() -> dict[str, Any]:
    file = user_config_file()
    try:
        status = file.stat()
    except OSError:
        return {}
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise ConfigError(lambda texts: texts.others_can_read.format(file=file))
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
        raise ConfigError(
            lambda texts: texts.cannot_read.format(file=file, reason=reason)
        ) from None
    endpoint = table.get("endpoint", {})
    known = {kebab_case(name): name for name in EndpointSettings.model_fields}
    if set(table) - {"endpoint"} or not isinstance(endpoint, dict) or set(endpoint) - set(known):
        raise ConfigError(
            lambda texts: texts.endpoint_table.format(file=file, keys=", ".join(known))
        )
    if not all(isinstance(value, str) for value in endpoint.values()):
        raise ConfigError(lambda texts: texts.endpoint_strings.format(file=file))
    return {known[key]: value for key, value in endpoint.items()}


def _refuse_unsafe(settings: EndpointSettings) -> None:
    if settings.url is None:
        return
    try:
        parts = urlsplit(settings.url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigError(lambda texts: texts.not_an_endpoint.format(url=settings.url))
    if parts.scheme == "http" and settings.has_credentials and host not in LOOPBACK:
        raise ConfigError(lambda texts: texts.unencrypted.format(url=settings.url))

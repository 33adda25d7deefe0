"""Settings: what a folder's configuration, the command line and the editor say, resolved."""

from server.config.endpoint import EndpointSettings, endpoint_settings, user_config_file
from server.config.options import ConfigError, Options, camel_case, kebab_case, parse_options
from server.config.settings import ProblemGlob, Settings, SettingsSource

__all__ = [
    "ConfigError",
    "EndpointSettings",
    "Options",
    "ProblemGlob",
    "Settings",
    "SettingsSource",
    "camel_case",
    "endpoint_settings",
    "kebab_case",
    "parse_options",
    "user_config_file",
]

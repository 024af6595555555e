"""Prints the JSON Schema of site.toml, from the types that read it: docs/site.schema.json."""

import json

import msgspec

from generator.config import Settings

DURATION = {"type": "string", "pattern": "^[0-9]{1,6}[smhd]$"}


def settings_schema() -> str:
    """The schema as text. Durations are written as in site.toml, not as msgspec writes them."""
    schema = msgspec.json.schema(Settings)
    for table in schema["$defs"]["Settings"]["properties"].values():
        table.pop("default", None)
    times = schema["$defs"]["SyncTable"]["properties"]
    for name, default in (("cooldown", "4h"), ("max_wait", "10m")):
        about = times[name]["description"]
        times[name] = DURATION | {"description": about, "default": default}
    return json.dumps({"title": "site.toml of Gatefold", **schema}, indent=2) + "\n"


if __name__ == "__main__":
    print(settings_schema(), end="")

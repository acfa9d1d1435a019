"""The few words that outputs say themselves, per language; product texts come from listings."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("phrases.json")


@cache
def _table() -> dict[str, dict[str, str]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


@cache
def phrases(locale: str) -> dict[str, str]:
    """Return {key: text} for the language of `locale`; English where it is not translated."""
    language = locale.replace("_", "-").split("-")[0].lower()
    return {**_table()["en"], **_table().get(language, {})}

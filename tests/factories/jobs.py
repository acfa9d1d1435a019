"""An output kind that misbehaves in a child, for tests of what holds children."""

import time
from pathlib import Path

from syndication.contract import OutputKind


class Slow(OutputKind):
    """Takes for ever as soon as it is made in a child; the process it is forked from is spared."""

    code = "slow"

    def __init__(self):
        if Path("spec.json").exists():
            time.sleep(60)


class Warmed(OutputKind):
    """Notes in the folder of the service which locales it was warmed for."""

    code = "warmed"

    def warm(self, locale):
        with Path("warmed").open("a") as file:
            file.write(f"{locale}\n")

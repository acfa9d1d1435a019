"""Processes of the delta test: writers that change and publish, a reader that polls.

`python -m tests.syndication.polling write SEED ROUNDS` or `… read STOP_FILE`; the database is
the one in PIM_DATABASE_URL.
"""

import json
import os
import random
import sys
import time
from contextlib import suppress
from pathlib import Path

import django


def write(seed: str, rounds: str) -> None:
    """Change, publish, withdraw and delete lamps at random; keep listings up now and then."""
    from django.db import IntegrityError
    from django.utils import timezone

    from pim.content.refusals import Refused
    from syndication.actions.listings import upkeep

    chance = random.Random(int(seed))
    for _round in range(int(rounds)):
        # Two create or delete one product at once: the second is refused, and that is right.
        with suppress(IntegrityError, Refused):
            _act(chance, chance.randrange(12))
        if chance.random() < 0.7:
            upkeep(at=timezone.now())
    upkeep(at=timezone.now())


def _act(chance: random.Random, number: int) -> None:
    from django.utils import timezone

    from pim.actions.products import delete_product, write_products
    from pim.actions.publishing import publish_products, withdraw_products
    from pim.models import Product
    from tests.factories.catalogue import ANNA, wish

    at, identifier = timezone.now(), f"L-{number}"
    ids = Product.objects.filter(identifier=identifier).values_list("id", flat=True)
    kind = chance.random()
    if kind < 0.1:
        withdraw_products(list(ids), actor=ANNA, at=at)
    elif kind < 0.15:
        for product_id in list(ids):
            delete_product(product_id, actor=ANNA, at=at)
    else:
        name = f"{chance.choice(['name||en', 'name||fi'])}"
        tied = [(f"L-{chance.randrange(12)}", None)] if kind < 0.4 else []
        made = wish(
            identifier,
            at={name: f"Lamp {chance.randrange(1000)}"},
            family="lamp",
            categories=["indoor"] if kind < 0.9 else ["outdoor"],
            associations={"cross_sell": {"products": tied, "groups": []}} if tied else None,
        )
        write_products([made], actor=ANNA, at=at)
        publish_products(list(ids.all()), actor=ANNA, at=at)


class Copy:
    """What a reader knows of one feed, by nothing but deltas."""

    def __init__(self, client, locale: str):
        self.client, self.feed = client, f"/feeds/web/{locale}"
        self.after, self.held, self.polls, self.numbers = 0, {}, 0, []

    def poll(self) -> None:
        """Apply everything that there is after the last number."""
        url = f"{self.feed}/changes?after={self.after}&limit=7"
        while url:
            page = self._get(url)
            self.polls += 1
            for item in page["items"]:
                self.numbers.append(item["sequence"])
                self.held.pop(item["uuid"], None)
                if item["state"] == "live":
                    self.held[item["uuid"]] = item
            self.after, url = page["sequence"], page["next"]

    def full(self) -> dict:
        """Return what the full read says."""
        found, url = {}, f"{self.feed}/products?limit=5"
        while url:
            page = self._get(url)
            found.update((item["uuid"], item) for item in page["items"])
            url = page["next"]
        return found

    def _get(self, url: str) -> dict:
        response = self.client.get(url, headers={"Host": "localhost"})
        assert response.status_code == 200, response.content
        return response.json()


def read(stop: str) -> None:
    """Poll until the stop file is there, then once more; print how copies and feeds compare."""
    from django.test import Client

    copies = [Copy(Client(), locale) for locale in ("en", "fi")]
    while not Path(stop).exists():
        for copy in copies:
            copy.poll()
        time.sleep(0.01)
    for copy in copies:
        copy.poll()
    result = [
        {
            "equal": copy.held == copy.full(),
            "live": len(copy.held),
            "changes": len(copy.numbers),
            "rising": copy.numbers == sorted(set(copy.numbers)),
            "polls": copy.polls,
        }
        for copy in copies
    ]
    print(json.dumps(result))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    {"write": write, "read": read}[sys.argv[1]](*sys.argv[2:])

"""A shelf of listings in the database and an output kind installed as a package, for editions."""

import hashlib
import json
import sys
from pathlib import Path

import orjson
from django.utils import timezone

from syndication.models import ChannelSequence, ContextDocument, Listing, ListingBody, Output

KIND = '''
"""A plain list: one line per item; misbehaves where the name says so."""

import json
import os
import signal
import time

from syndication.contract import ItemRefused, Made, Option, OutputKind, PageNote, Refusal


class PlainList(OutputKind):
    code = "plain_list"
    label = "Plain list"
    options = (Option("heading", "text", "Heading", scope="assembly"),)
    part_size = 4
    seconds = 5
    memory_mb = 512

    def environment(self, context):
        return context.options.get("environment", "")

    def fragment(self, unit, context):
        listing = unit.main(context.locale)
        name = listing.body["name"]
        time.sleep(context.options.get("nap", 0))
        if name.startswith("picture "):
            name = f"{context.assets.path(name.split()[1]).stat().st_size} bytes"
        misbehave(name, listing)
        facts = unit.facts.get(listing.identifier)
        price = facts.prices[0]["amount"] if facts and facts.prices else "-"
        warnings = ()
        if name == "doubtful":
            what = {"what": "item", "name": listing.identifier}
            doubt = "There is no %(what)s “%(name)s”."
            warnings = (Refusal(listing.identifier, "doubtful", doubt, "", "warning", what),)
        return Made(f"{listing.identifier};{name};{price}\\\\n".encode(), warnings)

    def summary(self, unit, context):
        return {"name": unit.main(context.locale).body["name"]}

    def assemble(self, plan, pieces, context, sink):
        name = f"list.{'-'.join(context.locales)}.txt"
        with sink.open(name, media_type="text/plain") as file:
            file.write((context.options.get("heading") or "").encode())
            file.write(f"{context.output} {plan.items}\\\\n".encode())
            for piece in pieces:
                assert piece.summary["name"]
                file.write(piece.payload)
        time.sleep(context.options.get("assembly_nap", 0))
        if context.options.get("leak"):
            with sink.open("leak.txt", media_type="text/plain") as file:
                file.write(context.options["leak"].encode())
        if context.options.get("code"):
            with sink.open("code.txt", media_type="text/plain") as file:
                file.write(plan.touchpoint(context.options["code"], "cover").encode())
        return []

    def verify(self, path, name, plan):
        if b"unverifiable" in path.read_bytes():
            raise ValueError("not what it claims to be")


class ReadsNames(PlainList):
    code = "reads_names"

    def reads(self, unit, context):
        return unit.main(context.locale).body["name"]


class Numbered(PlainList):
    code = "numbered_list"
    numbered = ahead = proofed = True

    def assemble(self, plan, pieces, context, sink):
        with sink.open("number.txt", media_type="text/plain") as file:
            file.write(f"{plan.number} {plan.touchpoint('A-1', 'cover')}".encode())
        pieces = list(pieces)
        for page, piece in enumerate(pieces, 1):
            box = (10, 20, 30, 40)
            products = [(piece.identifier, box)]
            plan.pages.append(PageNote("number.txt", page, str(page + 6), "Things", products))
        return super().assemble(plan, pieces, context, sink)


def misbehave(name, listing):
    if name == "refused":
        raise ItemRefused(Refusal(listing.identifier, "no_name", "It has no name."))
    if name == "bug":
        raise KeyError("bug")
    if name == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "hang":
        time.sleep(3600)
    if name == "hog":
        bytearray(2 << 30)
    if name == "network":
        import socket
        socket.create_connection(("127.0.0.1", 80), timeout=1)
    if name == "database":
        from django.db import connection
        connection.cursor()
    if name == "models":
        import syndication.models
'''.replace("\\\\n", "\\n")


def install_kinds(folder: Path) -> None:
    """Lay a package with an entry point into `folder` and put that on the path."""
    (folder / "plain_list_kind.py").write_text(KIND)
    info = folder / "plain_list_kind-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-list-kind\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[syndication.outputs]\n"
        "plain_list = plain_list_kind:PlainList\n"
        "reads_names = plain_list_kind:ReadsNames\n"
        "numbered_list = plain_list_kind:Numbered\n"
    )
    sys.path.insert(0, str(folder))


def stock(names: dict[str, str], *, locales=("en",), prices: dict | None = None) -> None:
    """Make the shelf hold exactly these items: {identifier: name}."""
    sequence, _ = ChannelSequence.objects.get_or_create(channel="shop")
    sequence.value += 1
    sequence.save()
    for locale in locales:
        label(locale)
        Listing.objects.filter(locale=locale).exclude(identifier__in=names).update(
            state="removed", digest="", sequence=sequence.value
        )
        for identifier, name in names.items():
            put(identifier, name, locale=locale, price=(prices or {}).get(identifier, "10"))


def put(
    identifier: str, name: str, *, locale="en", price="10", state="live", reasons=()
) -> Listing:
    """Write one listing; its id is the number at the end of the identifier."""
    sequence = ChannelSequence.objects.get(channel="shop")
    number = int(identifier.rpartition("-")[2])
    body = {
        "uuid": f"00000000-0000-0000-0000-{number:012d}",
        "identifier": identifier,
        "role": "item",
        "name": name,
        "values": {},
    }
    facts = {"prices": [{"currency": "EUR", "amount": price}], "availability": None}
    listing, _ = Listing.objects.update_or_create(
        channel="shop",
        audience="consumer",
        locale=locale,
        product_id=number,
        defaults={
            "uuid": body["uuid"],
            "identifier": identifier,
            "role": "item",
            "root_id": number,
            "family": "things",
            "state": state,
            "reasons": list(reasons),
            "digest": _body(body) if state == "live" else "",
            "facts_digest": _body(facts) if price else "",
            "sequence": sequence.value,
            "updated_at": timezone.now(),
        },
    )
    return listing


def _body(document: dict) -> str:
    text = json.dumps(document, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ListingBody.objects.get_or_create(digest=digest, defaults={"body": text})
    return digest


def label(locale: str, categories: dict | None = None):
    """Write the labels of a locale, with {code: {"label", …}} of categories."""
    held = {"categories": categories} if categories else {}
    document = {"channel": {"code": "shop"}, "locale": locale, "roles": {}, **held}
    body = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(body).hexdigest()
    ContextDocument.objects.update_or_create(
        channel="shop", locale=locale, defaults={"digest": digest, "body": body.decode()}
    )


def make_output(code="list", *, kind="plain_list", locales=("en",), **fields) -> Output:
    """Create an output over the shelf."""
    return Output.objects.create(
        code=code,
        name=code,
        kind=kind,
        channel="shop",
        audience="consumer",
        locales=list(locales),
        **fields,
    )

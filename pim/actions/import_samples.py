"""The example of an import profile: its columns, its first rows, what they may mean."""

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.core.files import File

from pim.actions.import_sources import MAX_BYTES, allowed_folder, name_of
from pim.content.refusals import Refused
from pim.importing.foreign import Target, foreign_tables
from pim.importing.source import open_source
from pim.importing.suggestions import Suggestion, language_of, suggest
from pim.importing.tables import Table
from pim.models import ImportProfile
from pim.models.imports import FOLDER
from pim.outbound import OutboundFailed, fetch
from pim.queries.structure import load_structure

ROWS = 30
SECONDS = 30.0


@dataclass
class Sample:
    """`header` and `rows` of the first table; `known` where the file needs no mapping."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    known: bool = False
    problem: str = ""


def sample_of(profile: ImportProfile) -> Sample:
    """Return the example of a profile: the file kept with it, else what lies in its folder."""
    try:
        path, alone = _place(profile)
        if path is None:
            return Sample()
        with open_source(path, alone=alone) as source:
            return _first(source)
    except Refused as refusal:
        return Sample(problem=refusal.say())


def fetch_sample(profile: ImportProfile) -> None:
    """Keep what lies at the profile's address as its example."""
    answer = fetch(profile.location, max_bytes=min(MAX_BYTES, 200 * 1024**2), seconds=SECONDS)
    if answer.status != 200:
        raise OutboundFailed(url=profile.location[:200], why=f"it answers {answer.status}")
    name = name_of(answer.url, answer.headers.get("content-type", ""))
    profile.sample.save(name, File(answer.body), save=False)


def suggested_columns(profile: ImportProfile, sample: Sample) -> list[dict]:
    """Return the columns of the mapping, with a suggestion for every one that it leaves open."""
    structure = load_structure()
    asked = [profile.options.get(name, "") for name in ("locale", "currency")]
    target = Target(structure, *asked)
    spoken = "" if asked[0] else language_of(sample.header, structure)
    guesses = suggest(
        sample.header,
        sample.rows,
        structure=structure,
        locale=spoken or target.locale,
        currency=target.currency,
    )
    held = {c["from"][0]: c for c in profile.mapping.get("columns", ()) if c["from"]}
    taken = {c["to"] for c in held.values()}
    columns = []
    for title, guess in zip(sample.header, guesses, strict=True):
        if title:
            columns.append(held.get(title) or _column(title, guess, taken))
    constants = [c for c in profile.mapping.get("columns", ()) if not c["from"]]
    return columns + constants


def _column(title: str, guess: Suggestion | None, taken: set[str]) -> dict:
    if guess is None or guess.to in taken:
        return {"from": [title], "to": "", "ops": []}
    return {"from": [title], "to": guess.to, "ops": list(guess.ops), "why": guess.why}


def _place(profile: ImportProfile) -> tuple[Path | None, bool]:
    if profile.sample:
        return Path(profile.sample.path), True
    if profile.source == FOLDER and profile.location:
        return allowed_folder(profile.location), False
    return None, True


def _first(source) -> Sample:
    target = Target(load_structure())
    refused = ""
    for found in source.tables():
        if isinstance(found, tuple):
            refused = refused or found[1].say()
            continue
        if not isinstance(found, Table) or found.documents or foreign_tables(found, target):
            return Sample(known=True)
        rows = [cells for _line, cells in islice(found.read(), ROWS)]
        return Sample(found.header, rows)
    return Sample(problem=refused)

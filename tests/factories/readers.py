"""Validators of accessible files that others wrote, and what they say of a file."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import outloud
import page as validator
import pikepdf

RULES = 90  # as many of PDF/UA-1 at least have to be looked at
# Reads that no rule of PDF/UA-1 forbids: the heads of pages, which are artifacts and look like
# prose; groups of rows, which have a head each; letters that Arabic writes in several forms; the
# order of painting, which may differ from that of reading; numbers of codes, said with the code.
OPINIONS = {"TAG-002", "TBL-010", "TXT-004", "ORD-001", "FIG-012"}


def faults(path: Path, excused: Callable = lambda found: False) -> list[tuple[str, str]]:
    """Return what two validators find in a file that says it is PDF/UA-1 (ISO 14289-1).

    `excused` says of a finding of outloud whether this one file has a good reason for it.
    """
    report = validator.validate_pdf(path, profile=validator.ValidationProfile.PDF_UA_1)
    assert report.rules.total > RULES
    told = [(fault.rule_id, fault.message) for fault in report.failures]
    other = outloud.check(str(path))
    assert not other.error, other.error
    graver = [
        found
        for found in other.findings
        if found.severity != "info" and found.rule not in OPINIONS and not excused(found)
    ]
    return told + [(found.rule, found.message) for found in graver] + list(_broken_up(path))


def _broken_up(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs that stand within others: a sentence would be read in pieces."""
    with pikepdf.open(path) as pdf:
        for found in pdf.objects:
            paragraph = isinstance(found, pikepdf.Dictionary) and found.get("/S") == "/P"
            if paragraph and found.P.get("/S") == "/P":
                yield "P in P", f"object {found.objgen[0]}"


def read_aloud(path: Path) -> str:
    """Return the structure as poppler reads it: every element and its words, in order."""
    command = ["pdfinfo", "-struct-text", str(path)]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return " ".join(text.split())

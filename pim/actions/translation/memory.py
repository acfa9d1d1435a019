"""The translation memory: what was translated once is proposed the next time."""

from collections.abc import Sequence
from datetime import datetime

from pim.actions import bulk
from pim.actions.jobs import Progress, queue_job
from pim.content.protecting import parts_of, words_of
from pim.content.refusals import _
from pim.models import Job, Product, TranslationMemory
from pim.queries.drafts import chunks
from pim.queries.structure import load_structure
from pim.queries.titles import sentence
from pim.queries.translations import CURRENT, digest_of, units

COLUMNS = ["source", "target", "digest", "source_text", "target_text", "words", "uses", "at"]
KEY = ["source", "target", "digest"]
CHUNK = 500


def remember(pairs: Sequence[tuple[str, str]], *, source: str, target: str, at: datetime) -> int:
    """Keep (source text, translation) pairs; the newest translation of a text wins."""
    rows = {}
    for text, translation in pairs:
        words = len(words_of(parts_of(text, rich="<" in text)).split())
        digest = digest_of(text)
        rows[digest] = (source, target, digest, text, translation, words, 1, at)
    bulk.upsert(TranslationMemory, COLUMNS, list(rows.values()), unique=KEY, counting="uses")
    return len(rows)


def queue_learning(*, user=None, actor: str = "") -> Job:
    """Queue the job that fills the memory from all translations that are current."""
    title = sentence(_("Translation memory"))
    return queue_job("translation_learning", title=title, user=user, actor=actor)


def run_learning(progress: Progress) -> None:
    """Run a job of the kind "translation_learning", locale by locale."""
    structure = load_structure()
    pairs = [(code, d.source) for code, d in structure.locales.items() if d.source]
    begun = progress.cursor.get("locale", 0)
    progress.expect(len(pairs) * Product.objects.count())
    for number, (target, source) in enumerate(pairs[begun:], begun):
        after = progress.cursor.get("after", 0) if number == begun else 0
        ids = Product.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)
        for part in chunks(ids.iterator(chunk_size=2000), CHUNK):
            found = units(part, source=source, target=target, states=(CURRENT,))
            texts = [(unit.source, unit.target) for unit in found]
            done = remember(texts, source=source, target=target, at=progress.at)
            progress.report.count(f"{source} → {target}", "changed", done)
            progress.advance(len(part))
            progress.keep(target, cursor={"locale": number, "after": part[-1]})

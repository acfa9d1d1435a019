"""What every output kind must hold; a test class subclasses it and names its kind."""

import hashlib
import tempfile
from pathlib import Path

import pytest

from syndication.contract import ItemRefused, Made, Piece, Pieces
from syndication.rendering.memo import FolderMemo
from syndication.rendering.tokens import merged
from tests.factories import listings as samples
from tests.factories import pictures

# Web fonts are cut once for the whole test run; that they are the same bytes has its own test.
MEMO = FolderMemo(Path(tempfile.gettempdir()) / "pim-test-memo")

OTHER_LOOK = {
    "brand": "Other", "tagline": "Else", "colours": {"accent": "#0a5c8a"}, "radius": 2,
    "cmyk": {"ink": [0, 0, 0, 80]}, "type": {"h1": 4}, "ink_limit": 240, "print": {"text": 9},
}  # fmt: skip


class OutputKindCases:
    """Subclass it as `TestX(OutputKindCases)` with `kind`; `units` may be narrowed."""

    kind = None
    locales = ("en", "ar")

    @pytest.fixture
    def painted(self, tmp_path):
        return pictures.paint(tmp_path, count=2)

    def units(self, locale: str, painted) -> list:
        return samples.units(6, locale, pictures=painted)

    def context(self, locale: str, folder: Path, **options):
        return samples.context(self.kind, locale, folder, memo=MEMO, **options)

    def issue(self, units, context, folder: Path) -> dict[str, bytes]:
        """Render and assemble; return {file name: bytes} after the kind has verified each."""
        folder.mkdir(parents=True, exist_ok=True)
        pieces = list(self.pieces(units, context))
        plan = samples.plan(len(pieces))
        sink = samples.FolderSink(folder=folder)
        list(self.kind.assemble(plan, Pieces(iter(pieces)), context, sink) or ())
        files = {p.name: p for p in sorted(folder.rglob("*")) if p.is_file()}
        for name, path in files.items():
            self.kind.verify(path, name, plan)
        return {name: path.read_bytes() for name, path in files.items()}

    def pieces(self, units, context):
        for unit, made in zip(units, self.kind.fragments(iter(units), context), strict=True):
            if isinstance(made, Made):
                main = unit.main(context.locale)
                summary = {**self.kind.summary(unit, context), **made.summary}
                yield Piece(unit.id, main.identifier, made.payload, summary)

    def test_kind_declares_a_code_a_label_and_its_options(self):
        codes = [option.code for option in self.kind.options]
        assert self.kind.code == self.kind.code.lower()
        assert str(self.kind.label)
        assert len(codes) == len(set(codes))

    def test_same_units_give_the_same_bytes(self, tmp_path, painted):
        for locale in self.locales:
            context = self.context(locale, tmp_path)
            one = self.issue(self.units(locale, painted), context, tmp_path / "one" / locale)
            two = self.issue(self.units(locale, painted), context, tmp_path / "two" / locale)
            assert {n: _sha(b) for n, b in one.items()} == {n: _sha(b) for n, b in two.items()}
            assert one

    def test_fragments_are_those_of_fragment_one_by_one(self, tmp_path, painted):
        context = self.context("en", tmp_path)
        units = self.units("en", painted)
        together = list(self.kind.fragments(iter(units), context))
        assert together == [self.kind.fragment(unit, context) for unit in units]

    def test_a_fragment_does_not_depend_on_its_neighbours(self, tmp_path, painted):
        context = self.context("en", tmp_path)
        units = self.units("en", painted)
        forwards = list(self.kind.fragments(iter(units), context))
        backwards = list(self.kind.fragments(reversed(units), context))
        assert forwards == backwards[::-1]

    def test_hostile_and_empty_units_are_issued_or_refused_never_a_crash(self, tmp_path, painted):
        for locale in self.locales:
            context = self.context(locale, tmp_path)
            odd = [samples.hostile_unit(locale), samples.empty_unit(locale)]
            results = list(self.kind.fragments(iter(odd), context))
            assert [type(r) in (Made, ItemRefused) for r in results] == [True, True]
            for refused in (r for r in results if isinstance(r, ItemRefused)):
                assert all(r.code and r.message and r.identifier for r in refused.refusals)
            self.issue([*odd, *self.units(locale, painted)], context, tmp_path / locale)

    def test_a_changed_text_changes_only_its_own_fragment(self, tmp_path, painted):
        context = self.context("en", tmp_path)
        before = self.units("en", painted)
        edited = samples.unit(0, "en", pictures=painted, edited=True)
        after = [edited if unit.id == edited.id else unit for unit in before]
        results = [list(self.kind.fragments(iter(units), context)) for units in (before, after)]
        changed = [u.id for u, a, b in zip(before, *results, strict=True) if a != b]
        assert set(changed) <= {edited.id}


def _sha(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()

    def test_fragment_reads_only_the_tokens_it_says(self, tmp_path, painted):
        if self.kind.fragment_tokens is None:
            return
        units, plain = self.units("en", painted), samples.context(self.kind, "en", tmp_path)
        others = merged(None).keys() - set(self.kind.fragment_tokens)
        stripped = {name: v for name, v in merged(OTHER_LOOK).items() if name in others}
        strange = merged({"brand": "Halla"}) | stripped
        other = samples.context(self.kind, "en", tmp_path, tokens=strange)
        first, second = (list(self.pieces(units, c)) for c in (plain, other))
        # An address in them may change with all that screens read: it is part of the environment.
        if self.kind.environment(plain) == self.kind.environment(other):
            assert [p.payload for p in first] == [p.payload for p in second]

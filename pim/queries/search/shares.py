"""How complete products are in some locales of a channel, as tests of the stored rows.

Stored is one row per product and channel with what is missing; how much each locale requires
follows from the structure. A per cent is a whole number, rounded down. So a question about per
cent is one about how many values are missing: *below 50 %* is *at least 4 missing* where seven
are required, and that is what the database is asked.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Length, Replace

from pim.content.completeness import needs_of
from pim.content.structure import ChannelDef, Structure
from pim.models import MODEL

NEVER = Q(pk__in=[])
ALWAYS = ~NEVER


class Place:
    """Some locales of a channel, in which shares are asked for."""

    def __init__(self, channel: ChannelDef, locales: tuple[str, ...], structure: Structure):
        self._channel, self._locales, self._structure = channel, locales, structure
        self._required = {locale: self._classes(locale) for locale in locales}

    def counted(self, rows: QuerySet) -> QuerySet:
        """Return rows of completeness with what the tests of this place ask about."""
        found = rows.annotate(lacks=Cast("missing", TextField()))
        numbers = {f"lacking{n}": _count(loc) for n, loc in enumerate(self._locales)}
        return found.annotate(lacking=_count("")).annotate(**numbers)

    def everywhere(self, sign: str, percent: int) -> Q:
        """Return the test that the share compares so in each of the locales."""
        if sign in ("<", "<="):
            below = percent + (sign == "<=")
            return _all(self._below(n, below) for n in range(len(self._locales)))
        if sign in (">=", ">"):
            return ~self.anywhere("<" if sign == ">=" else "<=", percent)
        return self.everywhere("<=", percent) & self.everywhere(">=", percent)

    def anywhere(self, sign: str, percent: int) -> Q:
        """Return the test that the share compares so in at least one of the locales."""
        if sign in (">=", ">"):
            return ~self.everywhere("<" if sign == ">=" else "<=", percent)
        if sign in ("<", "<="):
            return self._any_below(percent + (sign == "<="))
        return _any(
            self._below(n, percent + 1) & ~self._below(n, percent)
            for n in range(len(self._locales))
        )

    def _any_below(self, percent: int) -> Q:
        whole = set(self._locales) == set(self._channel.locales)
        if percent == 100 and whole:
            return Q(filled__lt=F("required"))
        return _any(self._below(n, percent) for n in range(len(self._locales)))

    def _below(self, place: int, percent: int) -> Q:
        """Return the test that the share in one locale is below a per cent."""
        if percent > 100:
            return ALWAYS
        if percent <= 0:
            return NEVER
        groups: dict[int, Q] = defaultdict(lambda: NEVER)
        for required, products in self._required[self._locales[place]].items():
            if required:
                groups[_least_missing(required, percent)] |= products
        if len(groups) == 1:
            # Where nothing is required nothing is missing, so no product needs to be left out.
            return _lacking(place, *groups)
        return _any(_lacking(place, least) & products for least, products in groups.items())

    def _classes(self, locale: str) -> dict[int, Q]:
        """Return {how many values are required: of which products}, by family and level."""
        found: dict[int, Q] = defaultdict(lambda: NEVER)
        families: dict[int, list[int]] = defaultdict(list)
        for family in self._structure.families.values():
            families[self._count_of(family, locale)].append(family.id)
        for count, ids in families.items():
            found[count] |= Q(product__family_id__in=ids) & ~Q(_MODELS_BY_LEVEL)
        for count, test in self._levels(locale):
            found[count] |= test
        return found

    def _levels(self, locale: str) -> Iterator[tuple[int, Q]]:
        for variant in self._structure.family_variants.values():
            family = self._structure.families[variant.family]
            for level in range(variant.depth + 1):
                count = self._count_of(family, locale, family_variant=variant, level=level)
                at = Q(product__family_variant_id=variant.id, product__level=level)
                yield count, Q(product__role=MODEL) & at

    def _count_of(self, family, locale: str, **how) -> int:
        needs = needs_of(family, self._channel, structure=self._structure, **how)
        return sum(need.locale in ("", locale) for need in needs)


_MODELS_BY_LEVEL = Q(product__role=MODEL, product__family_variant__isnull=False)


def _least_missing(required: int, percent: int) -> int:
    """Return how many of the required values must be missing for less than so many per cent."""
    # The smallest m with (required - m) * 100 // required < percent.
    return required - -(-percent * required // 100) + 1


def _lacking(place: int, least: int) -> Q:
    # The sum of all that is missing is at hand, and settles most rows.
    return Q(required__gte=F("filled") + least, **{f"lacking{place}__gte": least})


def _count(locale: str):
    """Return how often the missing list, [["name","en"],…], names the locale, and "" with it."""
    mark = f',"{locale}"]'
    rest = Replace("lacks", Value(mark), Value(""))
    found = (Length("lacks") - Length(rest)) / len(mark)
    return found + F("lacking") if locale else found


def _any(tests) -> Q:
    found = NEVER
    for test in tests:
        found |= test
    return found


def _all(tests) -> Q:
    found = ALWAYS
    for test in tests:
        found &= test
    return found

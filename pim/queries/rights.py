"""Whose rights are what, and which products they show: a filter in SQL, never row by row."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from pim.content.refusals import _
from pim.content.rights import (
    COMMON,
    EVERYTHING,
    NOTHING,
    WHOLE,
    WHOLE_HOLDING,
    Grants,
    Holding,
    Level,
    NotAllowed,
    Rights,
    read_grants,
)
from pim.content.seen import hidden_codes
from pim.content.structure import AttributeDef, Structure
from pim.models import (
    Attribute,
    AttributeGroup,
    Category,
    Channel,
    Job,
    Locale,
    PriceList,
    Product,
    Role,
)

from .structure import load_structure

# The tables of which roles hide rows, as the kinds of `hidden_codes`.
HIDDEN_KINDS = {
    Attribute: "attribute",
    AttributeGroup: "attribute_group",
    Category: "category",
    Channel: "channel",
    Locale: "locale",
    PriceList: "price_list",
}
_UP = ("pk", "parent_id", "parent__parent_id")


def rights_of(user) -> Rights:
    """Return what a user may, read once per user object.

    Superusers may everything. Who has no role is limited by Django's permissions alone; an
    inactive user may nothing.
    """
    if user is None or not user.is_active:
        return NOTHING
    if not hasattr(user, "_content_rights"):
        user._content_rights = EVERYTHING if user.is_superuser else _read(user)
    return user._content_rights


def _read(user) -> Rights:
    documents = list(Role.objects.filter(group__user=user.pk).values_list("grants", flat=True))
    roles = tuple(read_grants(document) for document in documents)
    return Rights(roles) if roles and WHOLE not in roles else EVERYTHING


def roles_with_limits() -> list[Grants]:
    """Return the grants of the roles that do not allow everything, each once, by code."""
    documents = Role.objects.order_by("code").values_list("grants", flat=True)
    found = dict.fromkeys(read_grants(document) for document in documents)
    return [grants for grants in found if grants != WHOLE]


def visible_products(
    queryset: QuerySet,
    rights: Rights,
    *,
    at_least: Level = Level.VIEW,
    attribute: AttributeDef | None = None,
    channel: str = "",
    locale: str = "",
) -> QuerySet:
    """Return the products of the queryset that the rights reach, by their category branches.

    A variant stands also in the categories of its models. With `attribute`, only those in
    which its value at that address may be seen.
    """
    if rights.unlimited:
        return queryset
    structure = load_structure()
    reached = Q(pk__in=[])
    for grants in rights.roles:
        if attribute and not grants.value(attribute.group, channel, locale):
            continue
        found = reached_by(grants, structure, at_least=at_least)
        if found is None:
            return queryset
        reached |= found
    return queryset.filter(reached)


def searchable_products(
    queryset: QuerySet, rights: Rights, attribute: AttributeDef, *, channel="", locale=""
) -> QuerySet:
    """Return the products in which the value may be seen; raise `NotAllowed` if in none.

    Whoever filters or sorts by a value learns it: so both go through here first.
    """
    if not rights.value(attribute, channel, locale):
        raise NotAllowed(
            _("Your roles do not show “%(attribute)s”: it can neither filter nor sort."),
            code="hidden_attribute",
            field=attribute.code,
            attribute=attribute.code,
        )
    where = {"attribute": attribute, "channel": channel, "locale": locale}
    return visible_products(queryset, rights, **where)


def visible_index(
    rows: QuerySet, attribute_ids: Iterable[int], rights: Rights, structure: Structure
) -> QuerySet:
    """Return rows of the filter index of those attributes, at the addresses that may be seen."""
    ids = list(attribute_ids)
    rows = rows.filter(attribute_id__in=ids)
    if rights.unlimited:
        return rows
    wanted = [a for a in structure.attributes.values() if a.id in ids]
    seen = Q(pk__in=[])
    for attribute in wanted:
        for channel, locale in addresses_of(attribute, structure):
            if rights.value(attribute, channel, locale):
                where = {"attribute": attribute, "channel": channel, "locale": locale}
                reached = visible_products(Product.objects.order_by(), rights, **where)
                at = Q(attribute_id=attribute.id, channel=channel, locale=locale)
                seen |= at & Q(product_id__in=reached.values("pk"))
    return rows.filter(seen)


def addresses_of(attribute: AttributeDef, structure: Structure) -> list[tuple[str, str]]:
    """Return (channel or "", locale or "") of every place where the attribute may have a value."""
    channels = list(structure.channels) if attribute.scopable else [COMMON]
    locales = list(structure.locales) if attribute.localizable else [COMMON]
    return [(channel, locale) for channel in channels for locale in locales]


def hidden_from(rights: Rights) -> dict[str, frozenset[str]]:
    """Return {kind of structure: the codes that are not there}; {} and no query without limits."""
    return {} if rights.unlimited else hidden_codes(load_structure(), rights)


def hidden_references(
    trees: Iterable[Mapping], rights: Rights, structure: Structure
) -> frozenset[str]:
    """Return the uuids that references in trees of values name and the rights do not show.

    One query; none where no branch is hidden. What names nothing any more hides nothing.
    """
    if rights.every_branch(structure):
        return frozenset()
    named = {
        other
        for values in trees
        for held in values.values()
        for code in structure.references & held.keys()
        for data in held[code].values()
        if type(data) is list
        for other in data
    }
    return hidden_among(named, rights)


def hidden_among(uuids: set[str], rights: Rights) -> frozenset[str]:
    """Return those of the products that are there and that the rights do not show: one query."""
    if not uuids:
        return frozenset()
    rows = Product.objects.filter(uuid__in=uuids)
    seen = visible_products(rows, rights).values("pk")
    return frozenset(str(u) for u in rows.exclude(pk__in=seen).values_list("uuid", flat=True))


def visible_jobs(queryset: QuerySet, user) -> QuerySet:
    """Return the jobs that a user may read.

    What stands in reports and files is not masked: who has limits reads their own. So does
    whoever may not open the list of jobs, for they are told how their own have gone.
    """
    whole = user.has_perm("pim.view_job") and rights_of(user).unlimited
    return queryset if whole else queryset.filter(created_by=user)


def with_undo(jobs: QuerySet, user) -> QuerySet:
    """Return the jobs with `undone_by_id`: the last that took each back, where the user sees it."""
    undos = Job.objects.filter(undoes=OuterRef("pk"), dry_run=False).order_by("-id")
    return jobs.annotate(undone_by_id=Subquery(visible_jobs(undos, user).values("pk")[:1]))


def categories_of(ids: Iterable[int], structure: Structure) -> dict[int, set[str]]:
    """Return {id: codes of its categories and of its ancestors'}, in one query per level."""
    ids = list(ids)
    codes = {c.id: code for code, c in structure.categories.items()}
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    for path in ("", "children__", "children__children__"):
        rows = Product.categories.through.objects.filter(**{f"product__{path}id__in": ids})
        for pk, category in rows.values_list(f"product__{path}id", "category_id"):
            if pk in found and category in codes:
                found[pk].add(codes[category])
    return found


def rights_on(ids: Iterable[int], rights: Rights) -> dict[int, Holding]:
    """Return {id: the rights on the product}, in a constant number of queries."""
    ids = list(ids)
    if rights.unlimited:
        return dict.fromkeys(ids, WHOLE_HOLDING)
    structure = load_structure()
    placed = categories_of(ids, structure)
    return {pk: rights.on(placed[pk], structure) for pk in ids}


def reached_by(grants: Grants, structure: Structure, *, at_least: Level = Level.VIEW) -> Q | None:
    """Return the test of products that one role reaches; None where it reaches all there are."""
    codes = structure.categories
    open_ids = [c.id for code, c in codes.items() if grants.branch(code, structure) >= at_least]
    homeless = grants.branch(COMMON, structure) >= at_least
    if homeless and len(open_ids) == len(codes):
        return None
    placed = Product.categories.through.objects
    test = Q(pk__in=[])
    for up in _UP if open_ids else ():
        test |= Exists(placed.filter(product_id=OuterRef(up), category_id__in=open_ids))
    if homeless:
        nowhere = Q()
        for up in _UP:
            nowhere &= ~Exists(placed.filter(product_id=OuterRef(up)))
        test |= nowhere
    return test

"""The write path refuses what the actor may not, and then nothing is written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.facts import PriceRow, set_prices
from pim.actions.products import delete_product
from pim.actions.publishing import plan_publication, publish_products, withdraw_products
from pim.actions.structure import move_category
from pim.actions.upserts import upsert_structure
from pim.content.rights import NotAllowed
from pim.models import (
    Category,
    Channel,
    CodeAlias,
    Currency,
    LogEntry,
    PriceFact,
    PriceList,
    Product,
    Version,
)
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.rights import limited, translator
from tests.pim.actions.test_products import stored

pytestmark = pytest.mark.django_db
TEXTS = {"name||en": "Lamp", "name||fi": "Lamppu", "color||": "red"}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(
        wish("L1", family="lamp", categories=["indoor"], at=TEXTS),
        wish("L2", family="lamp", categories=["outdoor"], at=TEXTS),
        wish("L3", family="lamp", at=TEXTS),
    )


def refusals(result) -> list[tuple]:
    return [(r.code, r.field) for r in result.refusals]


def refused(actor, *wishes) -> list:
    """Write what must be refused; return why, having seen that nothing changed."""
    before = stored()
    results = write(*wishes, actor=actor)
    assert {r.outcome for r in results} == {"refused"}
    assert stored() == before
    return [refusals(result) for result in results]


def values(identifier: str) -> dict:
    pk = Product.objects.get(identifier=identifier).pk
    return read_drafts([pk])[pk].values


def test_a_translator_writes_finnish_and_nothing_else():
    ok = write(wish("L1", at={"name||fi": "Valaisin"}), actor=translator())[0]
    assert (ok.outcome, list(ok.differences)) == ("changed", ["name||fi"])
    assert refused(translator(), wish("L1", at={"name||en": "Light"})) == [
        [("not_allowed", "name")]
    ]
    assert refused(translator(), wish("L1", at={"color||": "blue"})) == [[("not_allowed", "color")]]
    assert refused(translator(), wish("L1", enabled=False)) == [[("not_allowed", "")]]
    assert refused(translator(), wish("NEW", at={"name||fi": "Uusi"})) == [[("not_allowed", "")]]


def test_what_is_there_already_needs_no_right():
    before = stored()
    result = write(wish("L1", categories=["indoor"], at=TEXTS), actor=translator())[0]
    assert (result.outcome, stored()) == ("unchanged", before)


def test_a_row_that_is_partly_allowed_is_not_written_at_all():
    wished = wish("L1", at={"name||fi": "Valaisin", "name||en": "Light", "color||": "blue"})
    assert refused(translator(), wished) == [[("not_allowed", "name"), ("not_allowed", "color")]]


@pytest.mark.parametrize("guess", ["red", "blue", None])
def test_a_hidden_value_cannot_be_guessed_by_writing(guess):
    blind = limited(group={"data": "none"})
    wished, absent = wish("L1", at={"color||": guess}), wish("L1", at={"colour||": guess})
    assert refused(blind, wished) == [[("unknown_code", "color")]]
    assert refused(blind, absent) == [[("unknown_code", "colour")]]


def test_a_channel_that_may_not_be_edited_is_refused():
    actor = limited(channel={"print": "view"})
    ok = write(wish("L1", at={"story|web|en": "<p>a</p>"}), actor=actor)[0]
    assert ok.outcome == "changed"
    wished = wish("L1", at={"story|print|en": "<p>a</p>"})
    assert refused(actor, wished) == [[("not_allowed", "story")]]


def test_category_branches_decide_which_products_may_be_edited():
    actor = limited(category={"*": "view", "outdoor": "edit", "": "none"})
    results = write(
        *(wish(name, at={"name||en": "Light"}) for name in ("L1", "L2", "L3")), actor=actor
    )
    assert [r.outcome for r in results] == ["refused", "changed", "refused"]
    assert values("L1")["en"]["name"][""] == "Lamp"
    assert values("L3")["en"]["name"][""] == "Lamp"


def test_a_variant_stands_where_its_model_stands():
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color", categories=["outdoor"]),
        wish("M-red", parent="M", at={"color||": "red"}),
    )
    may = limited(category={"*": "none", "outdoor": "edit"})
    may_not = limited(category={"*": "none", "indoor": "edit"})
    assert write(wish("M-red", at={"notes||": "x"}), actor=may)[0].outcome == "changed"
    assert refused(may_not, wish("M-red", at={"notes||": "y"})) == [[("not_allowed", "")]]


def test_creating_and_placing_need_to_own_the_branch():
    owner = limited(category={"*": "edit", "outdoor": "own"})
    made = write(wish("NEW", family="lamp", categories=["outdoor"], at=TEXTS), actor=owner)[0]
    assert (made.outcome, made.refusals) == ("created", [])
    assert refused(owner, wish("NEW2", categories=["indoor"])) == [[("not_allowed", "")]]
    assert refused(owner, wish("L2", categories=["indoor"])) == [[("not_allowed", "")]]
    assert refused(owner, wish("L1", categories=["indoor", "outdoor"])) == [[("not_allowed", "")]]


def test_hidden_categories_and_ties_survive_a_write_that_cannot_name_them():
    write(
        wish(
            "L1",
            categories=["indoor", "outdoor"],
            associations={"cross_sell": {"products": [("L2", None), ("L3", None)]}},
        )
    )
    actor = limited(category={"outdoor": "none"})
    wished = wish(
        "L1", categories=["indoor"], associations={"cross_sell": {"products": [("L3", None)]}}
    )
    assert write(wished, actor=actor)[0].outcome == "changed"
    state = read_drafts([Product.objects.get(identifier="L1").pk]).popitem()[1]
    ids = {str(p.uuid): p.identifier for p in Product.objects.all()}
    ties = state.associations["cross_sell"]["products"]
    assert state.categories == ["indoor", "outdoor"]
    assert sorted(ids[other] for other, _quantity in ties) == ["L2", "L3"]


def test_a_hidden_product_is_no_target_and_no_parent():
    actor = limited(category={"outdoor": "none"})
    assert refused(
        actor, wish("L1", associations={"cross_sell": {"products": [("L2", None)]}})
    ) == [[("unknown_product", "cross_sell")]]
    assert refused(actor, wish("L1", at={"spare||": ["L2"]})) == [[("unknown_product", "spare")]]


def test_a_tie_that_goes_both_ways_needs_both_sides():
    actor = limited(category={"*": "edit", "outdoor": "view"})
    wished = wish("L1", associations={"goes_with": {"products": [("L2", None)]}})
    assert refused(actor, wished) == [[("not_allowed", "associations")]]


@pytest.mark.parametrize("count", [1, 3])
def test_limits_cost_the_same_queries_for_one_product_and_three(count):
    def tied(name: str, target: str, n: int):
        ties = {"goes_with": {"products": [(f"{target}{n}", None)]}}
        return wish(f"L{n}", at={"name||fi": name}, associations=ties)

    write(*(wish(f"{letter}{n}") for letter in "AB" for n in (1, 2, 3)))
    write(*(tied("Valo", "A", n) for n in range(1, count + 1)))
    actor = limited(group={"data": "view"}, category={"outdoor": "edit"})
    with CaptureQueriesContext(connection) as queries:
        results = write(*(tied("Lyhty", "B", n) for n in range(1, count + 1)), actor=actor)
    assert {r.outcome for r in results} == {"changed"}
    # PostgreSQL locks rows and takes ids from sequences; SQLite has the whole file.
    assert len(queries) == (48 if connection.vendor == "postgresql" else 34)


def test_only_an_owner_deletes():
    product = Product.objects.get(identifier="L1")
    before = stored()
    with pytest.raises(NotAllowed):
        delete_product(product.pk, actor=limited(category="edit"), at=NOW)
    assert stored() == before
    delete_product(product.pk, actor=limited(category="own"), at=NOW)
    assert not Product.objects.filter(identifier="L1").exists()


def publish(actor, **how):
    ids = list(Product.objects.filter(identifier="L1").values_list("pk", flat=True))
    return publish_products(ids, actor=actor, at=NOW, **how)


def latest() -> dict:
    pk = Product.objects.get(identifier="L1").pk
    from pim.published import snapshots

    return snapshots([pk])[pk].snapshot["values"]


def test_publishing_a_slice_that_may_not_be_published_is_refused():
    publish(limited())
    write(wish("L1", at={"name||fi": "Valo", "name||en": "Light"}))
    finn = limited(locale={"*": "view", "fi": "publish"})
    with pytest.raises(NotAllowed):
        publish(finn, slices=[["texts", "en"]])
    assert Version.objects.count() == 1
    assert publish(finn, slices=[["texts", "fi"]]).published == 1
    assert latest()["fi"]["name"][""] == "Valo"
    assert latest()["en"]["name"][""] == "Lamp"


def test_publishing_everything_publishes_what_the_actor_may():
    publish(limited())
    write(wish("L1", at={"name||fi": "Valo", "name||en": "Light"}, enabled=False))
    result = publish(limited(locale={"*": "view", "fi": "publish"}, group={"@structure": "view"}))
    assert (result.published, result.refused) == (1, 0)
    assert latest()["fi"]["name"][""] == "Valo"
    assert latest()["en"]["name"][""] == "Lamp"
    assert publish(limited(locale={"*": "publish", "en": "view"})).published == 1
    again = publish(limited(locale={"*": "publish", "en": "view"}))
    assert (again.published, again.refused) == (0, 1)


def test_a_slice_with_a_channel_that_may_not_be_published_stays_back():
    publish(limited())
    write(wish("L1", at={"story|web|en": "<p>w</p>", "story|print|en": "<p>p</p>"}))
    result = publish(limited(channel={"print": "edit"}))
    assert (result.published, result.refused, Version.objects.count()) == (0, 1, 1)


def test_what_was_never_published_needs_the_right_to_its_structure():
    finn = limited(group={"@structure": "own"})
    assert (publish(finn).refused, Version.objects.count()) == (1, 0)
    with pytest.raises(NotAllowed):
        publish(finn, slices=[["texts", "fi"]])
    assert Version.objects.count() == 0


def test_planning_and_withdrawing_need_the_right_to_publish():
    publish(limited())
    write(wish("L1", at={"name||fi": "Valo"}))
    product = Product.objects.get(identifier="L1")
    editor, later = limited(category="own"), NOW + timedelta(days=1)
    with pytest.raises(NotAllowed):
        plan_publication(product.pk, due_at=later, actor=editor, at=NOW)
    with pytest.raises(NotAllowed):
        withdraw_products([product.pk], actor=editor, at=NOW)
    product.refresh_from_db()
    assert (product.withdrawn, product.planned.count()) == (False, 0)


def test_structure_is_changed_by_who_owns_it():
    actor = limited(
        group={"*": "edit", "texts": "own", "@structure": "edit"},
        channel={"print": "edit"},
        category={"*": "own", "outdoor": "edit"},
        locale={"en": "edit"},
    )
    steps = LogEntry.objects.count()

    def outcomes(kind, *documents):
        results = upsert_structure(kind, documents, actor=actor, at=NOW)
        return [r.refusal.code if r.refusal else r.outcome for r in results]

    assert outcomes("attributes", {"code": "color", "labels": {"en": "C"}}) == ["not_allowed"]
    assert outcomes("attributes", {"code": "name", "group": "data"}) == ["not_allowed"]
    assert outcomes("channels", {"code": "print", "gate": 9}) == ["not_allowed"]
    assert outcomes("locales", {"code": "en", "enabled": False}) == ["not_allowed"]
    assert outcomes("families", {"code": "lamp", "labels": {"en": "X"}}) == ["not_allowed"]
    assert outcomes("categories", {"code": "lamps", "parent": "outdoor"}) == ["not_allowed"]
    assert outcomes("options", {"attribute": "color", "code": "pink"}) == ["not_allowed"]
    assert LogEntry.objects.count() == steps
    assert outcomes("attributes", {"code": "color", "filterable": True}) == ["unchanged"]
    assert outcomes("attributes", {"code": "name", "labels": {"en": "N"}}) == ["changed"]
    assert outcomes("categories", {"code": "lamps", "parent": "indoor"}) == ["created"]
    assert outcomes("groups", {"code": "new", "labels": {"en": "N"}}) == ["changed"]
    with pytest.raises(NotAllowed):
        move_category("indoor", parent="outdoor", actor=actor, at=NOW)
    assert Category.objects.get(code="indoor").parent.code == "master"


def test_prices_need_their_product_their_channel_and_what_is_common():
    lists = PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    lists.channels.set([])
    Channel.objects.get(code="print").price_lists.add(lists)
    rows = [PriceRow("L1", "retail", "9.90")]
    for actor in (
        limited(channel={"print": "view"}),
        limited(locale={"": "view"}),
        limited(category={"*": "view"}),
    ):
        result = set_prices(rows, actor=actor, at=NOW)[0]
        assert (result.outcome, result.refusal.code) == ("refused", "not_allowed")
    assert PriceFact.objects.count() == 0
    assert set_prices(rows, actor=limited(), at=NOW)[0].outcome == "created"


def test_prices_of_what_is_hidden_are_answered_as_those_of_nothing():
    lists = PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    lists.channels.set(Channel.objects.filter(code="print"))
    forget_structure()
    blind = limited(category={"outdoor": "none"})
    rows = [PriceRow("L2", "retail", "9.90"), PriceRow("NONE", "retail", "9.90")]
    told = [result.refusal.code for result in set_prices(rows, actor=blind, at=NOW)]
    assert told == ["unknown_product", "unknown_product"]
    blind = limited(channel={"print": "none"})
    rows = [PriceRow("L1", "retail", "9.90"), PriceRow("L1", "none", "9.90")]
    told = [result.refusal.code for result in set_prices(rows, actor=blind, at=NOW)]
    assert told == ["unknown_code", "unknown_code"]
    assert PriceFact.objects.count() == 0


def test_an_old_name_does_not_tell_the_new_one_of_what_is_hidden():
    for kind, old, code in (("product", "OLD", "L2"), ("category", "garden", "outdoor")):
        CodeAlias.objects.create(kind=kind, owner="", old=old, code=code, at=NOW)
    forget_structure()
    blind = limited(category={"outdoor": "none"})
    results = write(wish("OLD", enabled=False), actor=blind)
    results += write(wish("L1", categories=["garden"]), actor=blind)
    said = " ".join(r.say() for result in results for r in result.refusals)
    assert [result.outcome for result in results] == ["refused", "refused"]
    assert ("L2" in said, "outdoor" in said) == (False, False)
    assert results[0].identifier == "OLD"

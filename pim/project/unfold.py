"""How the desk looks: name, colours, sidebar. Addresses by name, so both apps may stand here."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def rights_of(user):
    """Return what a user may do with the content; read late, when the models are there."""
    from pim.queries.rights import rights_of

    return rights_of(user)


def _may(*permissions):
    """Return a test that is true for whoever holds any of the permissions."""
    return lambda request: any(request.user.has_perm(name) for name in permissions)


def _whole(*permissions):
    """Return a test that is true for who also has no limits: of pages that reach everything."""
    may = _may(*permissions)
    return lambda request: may(request) and rights_of(request.user).unlimited


def _item(title, icon, model, *, app="pim", test=_may):
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": test(f"{app}.view_{model}", f"{app}.change_{model}"),
    }


def _part(title, *items, folded=True):
    return {"title": title, "collapsible": folded, "separator": True, "items": list(items)}


OVERVIEW = {"title": _("Overview"), "icon": "dashboard", "link": reverse_lazy("admin:index")}

NAVIGATION = [
    {
        "items": [
            OVERVIEW,
            {
                "title": _("My work"),
                "icon": "task_alt",
                "link": reverse_lazy("admin:pim_task_mine"),
                "badge": "pim.admin.work.unread",
            },
            _item(_("Products"), "inventory_2", "product"),
            {
                "title": _("Translation"),
                "icon": "translate",
                "link": reverse_lazy("admin:pim_product_translate"),
                "permission": _may("pim.change_product"),
            },
            _item(_("Assets"), "imagesmode", "asset"),
            _item(_("Categories"), "account_tree", "category"),
            _item(_("Quality"), "verified", "quality"),
            _item(_("Rules"), "rule_settings", "rule", test=_whole),
            _item(_("Exports"), "file_export", "exportprofile"),
            _item(_("Jobs"), "manufacturing", "job"),
            _item(_("Import profiles"), "input", "importprofile"),
        ]
    },
    _part(
        _("Publishing"),
        _item(_("Outputs"), "hub", "output", app="syndication"),
        _item(_("Brands"), "palette", "brand", app="syndication", test=_whole),
        _item(_("Editions"), "deployed_code", "edition", app="syndication"),
        _item(_("Listings"), "lists", "listing", app="syndication"),
        _item(_("Planned publications"), "event", "plannedpublication"),
        _item(_("Touchpoints"), "qr_code_2", "touchpoint", app="syndication"),
        _item(_("Connections"), "cable", "connection", test=_whole),
        _item(_("Catalogs of connections"), "menu_book", "catalog", test=_whole),
        _item(_("API keys"), "key", "apikey", app="syndication", test=_whole),
        _item(_("Webhooks"), "webhook", "webhook", app="syndication", test=_whole),
        _item(_("Events"), "bolt", "event", app="syndication", test=_whole),
        folded=False,
    ),
    _part(
        _("Prices and stock"),
        _item(_("Price lists"), "sell", "pricelist"),
        _item(_("Prices"), "payments", "pricefact"),
        _item(_("Availability"), "warehouse", "availabilityfact"),
    ),
    _part(
        _("Structure"),
        {
            "title": _("Change the model"),
            "icon": "construction",
            "link": reverse_lazy("admin:pim_job_remodel"),
            "permission": lambda request: request.user.has_perms(
                ("pim.add_job", "pim.change_attribute", "pim.change_product")
            ),
        },
        _item(_("Attributes"), "tune", "attribute"),
        _item(_("Attribute groups"), "tab", "attributegroup"),
        _item(_("Families"), "category", "family"),
        _item(_("Family variants"), "device_hub", "familyvariant"),
        _item(_("Measurement families"), "straighten", "measurementfamily"),
        _item(_("Reference entities"), "database", "referenceentity"),
        _item(_("Reference records"), "list_alt", "referencerecord"),
        _item(_("Asset families"), "photo_library", "assetfamily"),
        _item(_("Association types"), "link", "associationtype"),
        _item(_("Product groups"), "workspaces", "group"),
        _item(_("Group types"), "label", "grouptype"),
    ),
    _part(
        _("Scopes"),
        _item(_("Channels"), "campaign", "channel"),
        _item(_("Locales"), "translate", "locale"),
        _item(_("Audiences"), "groups", "audience"),
        _item(_("Currencies"), "euro", "currency"),
    ),
    _part(
        _("Records"),
        _item(_("Changes"), "history", "change"),
        _item(_("Publication log"), "receipt_long", "logentry"),
        _item(_("Audit of outputs"), "fact_check", "auditentry", app="syndication"),
    ),
    _part(
        _("People"),
        _item(_("Users"), "person", "user", app="auth", test=_whole),
        _item(_("Roles"), "badge", "role", test=_whole),
    ),
]

UNFOLD = {
    "SITE_TITLE": _("One source"),
    "SITE_HEADER": _("One source"),
    "SITE_LOGO": {
        "light": lambda request: static("pim/logo.svg"),
        "dark": lambda request: static("pim/logo-dark.svg"),
    },
    "SITE_ICON": lambda request: static("pim/icon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("pim/icon.svg")}
    ],
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "STYLES": [lambda request: static("pim/desk.css")],
    "SCRIPTS": [lambda request: static("pim/desk.js")],
    "DASHBOARD_CALLBACK": "pim.project.dashboard.dashboard",
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .012 205)",
            "100": "oklch(94.5% .026 205)",
            "200": "oklch(89% .05 205)",
            "300": "oklch(81% .078 207)",
            "400": "oklch(71% .098 210)",
            "500": "oklch(61% .1 214)",
            "600": "oklch(50% .09 217)",
            "700": "oklch(43% .078 220)",
            "800": "oklch(37% .065 223)",
            "900": "oklch(31% .053 226)",
            "950": "oklch(24% .042 230)",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}

# What syndication shows on the product pages; pim asks by these names and imports nothing.
ADMIN_PRODUCT_PANELS = [
    "syndication.admin.previews.preview_panel",
    "syndication.admin.panels.listing_panel",
]
ADMIN_PRODUCT_PREVIEW = "syndication.admin.previews.product_preview"
ADMIN_PRODUCT_LISTINGS = "syndication.admin.panels.listing_chips"
ADMIN_PRODUCT_STATES = "syndication.admin.panels.listing_states"
# The outputs that a role can be granted.
ADMIN_OUTPUT_CHOICES = "syndication.admin.panels.output_choices"

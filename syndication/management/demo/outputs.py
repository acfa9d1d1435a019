"""Which outputs the demonstration has: one row each, with sensible options."""

LOCALES = ["en", "fi", "da", "pl", "de", "ar"]
MAKER = {"brand": "Aavaluoto"}

OUTPUTS = [
    {
        "code": "web",
        "name": "Web shop: JSON and schema.org",
        "kind": "web_json",
        "channel": "web",
        "audience": "consumer",
        "locales": LOCALES,
        "cadence": "on change",
    },
    {
        "code": "catalogue",
        "name": "Printed catalogue",
        "kind": "catalogue",
        "channel": "print",
        "audience": "consumer",
        "locales": LOCALES,
        "cadence": "daily 02:00",
        "only_if_changed": True,
        "options": {
            "tokens": MAKER,
            "subtitle": "2027",
            "picture": "cover",
            "per_page": "4",
            "attributes": (
                "designer,material,color,wood,size,width,height,depth,weight,seat_height,max_load,"
                "volume,power,luminous_flux,color_temperature,battery_life,max_temperature,"
                "blade_length,hardness,socket,protection,dimmable,outdoor,dishwasher_safe,hobs"
            ),
        },
    },
    {
        "code": "pages",
        "name": "Landing pages and QR codes",
        "kind": "landing",
        "channel": "web",
        "audience": "consumer",
        "locales": LOCALES,
        "options": {"tokens": MAKER},
    },
    {
        "code": "google",
        "name": "Google Merchant Center",
        "kind": "google_merchant",
        "channel": "marketplace",
        "audience": "consumer",
        "locales": ["en", "de", "de-AT"],
        "options": {"title": "Aavaluoto", "currency": "EUR"},
    },
    {
        "code": "kiosk",
        "name": "Kiosk in the shop",
        "kind": "kiosk",
        "channel": "kiosk",
        "audience": "consumer",
        "locales": LOCALES,
        "options": {"tokens": MAKER},
    },
    {
        "code": "resellers",
        "name": "Resellers: JSON with net prices",
        "kind": "web_json",
        "channel": "web",
        "audience": "reseller",
        "locales": ["en", "de"],
    },
    {
        "code": "resellers-catalogue",
        "name": "Resellers: catalogue of lamps and knives",
        "kind": "catalogue",
        "channel": "print",
        "audience": "reseller",
        "locales": ["en"],
        "selection": {"families": ["lighting", "knives"]},
        "options": {
            "tokens": MAKER,
            "subtitle": "For resellers · 2027",
            "picture": "chapter-lighting",
            "per_page": "4",
        },
    },
    {
        "code": "data-sheets",
        "name": "Data sheets",
        "kind": "data_sheet",
        "channel": "print",
        "audience": "consumer",
        "locales": LOCALES,
        "cadence": "daily 02:30",
        "only_if_changed": True,
        "selection": {"families": ["lighting", "knives"]},
        "options": {"tokens": MAKER},
    },
    {
        "code": "data-sheets-en-ar",
        "name": "Data sheets, English and Arabic side by side",
        "kind": "data_sheet",
        "channel": "print",
        "audience": "consumer",
        "locales": ["en", "ar"],
        "combined": True,
        "selection": {"families": ["lighting"]},
        "options": {"tokens": MAKER, "separate": False},
    },
    {
        "code": "labels",
        "name": "Shelf labels",
        "kind": "labels",
        "channel": "print",
        "audience": "consumer",
        "locales": LOCALES,
        "options": {"tokens": MAKER, "stock": "60x38", "marks": True, "bars": 9},
    },
]

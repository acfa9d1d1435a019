"""The brands of the demonstration: the maker's own, and that of its line for the trade."""

BRANDS = {
    "aavaluoto": (
        "Aavaluoto",
        {
            "brand": "Aavaluoto",
            "tagline": {
                "en": "Made by the sea, made to be mended.",
                "fi": "Tehty meren äärellä, tehty korjattavaksi.",
                "da": "Skabt ved havet, skabt til at blive repareret.",
                "pl": "Zrobione nad morzem, zrobione, by je naprawiać.",
                "de": "Am Meer gemacht, zum Reparieren gemacht.",
                "ar": "صُنع على شاطئ البحر، وصُنع ليُصلَح.",
            },
        },
    ),
    "aavaluoto-pro": (
        "Aavaluoto Pro",
        {
            "brand": "Aavaluoto Pro",
            "tagline": {"en": "For people who furnish for others."},
            "colours": {
                "ink": "#1b2330",
                "muted": "#545d6b",
                "rule": "#c9d0d8",
                "birch": "#f5f7f9",
                "linen": "#e6ebf0",
                "accent": "#0b5d86",
                "accent_soft": "#d9e8f0",
                "pine": "#1c3148",
                "pine_soft": "#d8e0ea",
                "on_dark": "#f3f7fa",
            },
            "cmyk": {
                "ink": [0, 0, 0, 92],
                "muted": [0, 0, 0, 70],
                "rule": [8, 4, 2, 16],
                "birch": [3, 1, 1, 0],
                "linen": [8, 4, 2, 2],
                "accent": [95, 45, 15, 20],
                "accent_soft": [12, 3, 2, 0],
                "pine": [95, 70, 40, 45],
                "pine_soft": [12, 6, 2, 2],
                "on_dark": [3, 1, 1, 0],
            },
            "spots": {"accent": {"name": "PANTONE 7691 C", "cmyk": [95, 45, 15, 20]}},
            "fonts": {"display": ["Noto Sans", "Noto Naskh Arabic", "Noto Sans Hebrew"]},
        },
    ),
}

"""Words of the synthetic catalogue: enough to make texts that differ, in three languages."""

WORDS: dict[str, dict[str, list[str]]] = {
    "en": {
        "thing": ["lamp", "chair", "table", "shelf", "blanket", "bowl", "bench", "stool"],
        "nature": ["light", "calm", "sturdy", "slender", "round", "warm", "quiet", "clear"],
        "made": ["made of", "shaped from", "built with", "finished in"],
        "stuff": ["birch", "oak", "steel", "wool", "glass", "linen", "brass", "stoneware"],
        "use": [
            "for long evenings at home",
            "for small rooms and large plans",
            "for daily use and for guests",
            "for the garden and the hall",
        ],
        "care": [
            "Wipe with a damp cloth.",
            "Dust now and then; no polish is needed.",
            "Wash by hand in lukewarm water.",
            "Keep away from direct heat.",
        ],
        "sentence": [
            "Every joint is checked twice before it leaves the workshop",
            "The surface grows nicer with the years",
            "Parts can be ordered one by one and changed without tools",
            "It is packed flat and put together in ten minutes",
            "The colour goes through and through and does not wear off",
            "It stands firmly on uneven floors too",
        ],
    },
    "de": {
        "thing": ["Lampe", "Stuhl", "Tisch", "Regal", "Decke", "Schale", "Bank", "Hocker"],
        "nature": ["leicht", "ruhig", "robust", "schlank", "rund", "warm", "still", "klar"],
        "made": ["gefertigt aus", "geformt aus", "gebaut mit", "veredelt in"],
        "stuff": ["Birke", "Eiche", "Stahl", "Wolle", "Glas", "Leinen", "Messing", "Steingut"],
        "use": [
            "für lange Abende zu Hause",
            "für kleine Räume und große Pläne",
            "für jeden Tag und für Gäste",
            "für Garten und Diele",
        ],
        "care": [
            "Mit einem feuchten Tuch abwischen.",
            "Gelegentlich abstauben; Politur ist nicht nötig.",
            "Von Hand in lauwarmem Wasser waschen.",
            "Vor direkter Hitze schützen.",
        ],
        "sentence": [
            "Jede Verbindung wird zweimal geprüft, bevor sie die Werkstatt verlässt",
            "Die Oberfläche wird mit den Jahren schöner",
            "Teile lassen sich einzeln bestellen und ohne Werkzeug tauschen",
            "Es ist flach verpackt und in zehn Minuten aufgebaut",
            "Die Farbe geht durch und durch und nutzt sich nicht ab",
            "Auch auf unebenem Boden steht es sicher",
        ],
    },
    "fr": {
        "thing": ["lampe", "chaise", "table", "étagère", "couverture", "coupe", "banc", "tabouret"],
        "nature": ["léger", "calme", "robuste", "élancé", "rond", "chaleureux", "discret", "clair"],
        "made": ["en", "façonné en", "construit en", "fini en"],
        "stuff": ["bouleau", "chêne", "acier", "laine", "verre", "lin", "laiton", "grès"],
        "use": [
            "pour les longues soirées à la maison",
            "pour les petites pièces et les grands projets",
            "pour tous les jours et pour les invités",
            "pour le jardin et l'entrée",
        ],
        "care": [
            "Essuyer avec un chiffon humide.",
            "Dépoussiérer de temps en temps, sans cire.",
            "Laver à la main à l'eau tiède.",
            "Tenir à l'écart de la chaleur.",
        ],
        "sentence": [
            "Chaque assemblage est vérifié deux fois avant de quitter l'atelier",
            "La surface embellit avec les années",
            "Les pièces se commandent à l'unité et se changent sans outil",
            "Livré à plat et monté en dix minutes",
            "La couleur est teintée dans la masse et ne s'use pas",
            "Il tient bien même sur un sol inégal",
        ],
    },
}

COLORS = {
    "white": "White",
    "black": "Black",
    "red": "Red",
    "blue": "Blue",
    "green": "Green",
    "yellow": "Yellow",
    "grey": "Grey",
    "sand": "Sand",
}
SIZES = ("s", "m", "l", "xl")
MATERIALS = ("birch", "oak", "steel", "wool", "glass", "linen", "brass", "stoneware")
BRANDS = ("halla", "kelo", "aava", "virta", "saari", "luoto")
FAMILIES = (
    "lighting",
    "seating",
    "tables",
    "storage",
    "textiles",
    "tableware",
    "outdoor",
    "hallway",
)


def words_of(locale: str) -> dict[str, list[str]]:
    """Return the words of a locale's language, English where there are none."""
    return WORDS.get(locale.split("-", 1)[0], WORDS["en"])

"""What outputs call the levels of packaging and the columns of their table, per language."""

from functools import lru_cache

NAMES = (
    "each", "inner", "case", "display", "pallet",
    "level", "contains", "pieces", "gross_weight", "net_weight", "size", "layers", "material",
)  # fmt: skip
_WORDS = {
    "en": (
        "Each", "Inner pack", "Case", "Display", "Pallet",
        "Level", "Contains", "Pieces", "Gross weight", "Net weight", "W × H × D", "Layers",
        "Material",
    ),
    "fi": (
        "Kappale", "Sisäpakkaus", "Laatikko", "Myyntiteline", "Lava",
        "Pakkaustaso", "Sisältö", "Kappaleita", "Bruttopaino", "Nettopaino", "L × K × S",
        "Kerrokset", "Materiaali",
    ),
    "sv": (
        "Styck", "Innerförpackning", "Kartong", "Display", "Pall",
        "Nivå", "Innehåll", "Antal styck", "Bruttovikt", "Nettovikt", "B × H × D", "Lager",
        "Material",
    ),
    "da": (
        "Styk", "Inderpakning", "Karton", "Display", "Palle",
        "Niveau", "Indhold", "Stk. i alt", "Bruttovægt", "Nettovægt", "B × H × D", "Lag",
        "Materiale",
    ),
    "de": (
        "Stück", "Innenverpackung", "Karton", "Display", "Palette",
        "Ebene", "Inhalt", "Stück gesamt", "Bruttogewicht", "Nettogewicht", "B × H × T", "Lagen",
        "Material",
    ),
    "pl": (
        "Sztuka", "Opakowanie wewnętrzne", "Karton", "Ekspozytor", "Paleta",
        "Poziom", "Zawartość", "Sztuk łącznie", "Masa brutto", "Masa netto", "Szer. × wys. × gł.",
        "Warstwy", "Materiał",
    ),
    "fr": (
        "Unité", "Sous-emballage", "Carton", "Présentoir", "Palette",
        "Niveau", "Contenu", "Unités au total", "Poids brut", "Poids net", "L × H × P", "Couches",
        "Matériau",
    ),
    "ar": (
        "قطعة", "عبوة داخلية", "كرتون", "حامل عرض", "منصة نقالة",
        "المستوى", "المحتوى", "إجمالي القطع", "الوزن الإجمالي", "الوزن الصافي",
        "العرض × الارتفاع × العمق", "الطبقات", "المادة",
    ),
}  # fmt: skip


@lru_cache(maxsize=64)
def packing_words(locale: str) -> dict[str, str]:
    """Return {name: word} for a BCP 47 locale, in English where its language is not there."""
    language = locale.split("-")[0].lower()
    return dict(zip(NAMES, _WORDS.get(language, _WORDS["en"]), strict=True))

"""Which letters a locale needs of a font: by its script, and for Latin by its language."""

from functools import cache

# Enough of each script to tell a font that has it from one that has not.
SAMPLES = {
    "Latn": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "Cyrl": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгдежзийклмнопрстуфхцчшщьюя",
    "Grek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψωάέήίόύώ",
    "Arab": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى",
    "Hebr": "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "Hans": "的一是不了人我在有他这中大来上国",
    "Hant": "的一是不了人我在有他這中大來上國",
    "Jpan": "あいうえおかきくけこアイウエオ日本語",
    "Kore": "가나다라마바사아자차카타파하",
    "Thai": "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศสหอ",
    "Deva": "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
}
LETTERS = {
    "cs": "áčďéěíňóřšťúůýž", "da": "æøå", "de": "äöüß", "es": "áéíñóúü¿¡", "et": "äõöüšž",
    "fi": "åäöšž", "fr": "àâæçèéêëîïôœùûüÿ", "hr": "čćđšž", "hu": "áéíóöőúüű", "is": "áðéíóúýþæö",
    "it": "àèéìòù", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nb": "æøå", "nl": "éëïóöü",
    "nn": "æøå", "no": "æøå", "pl": "ąćęłńóśźż", "pt": "àáâãçéêíóôõú", "ro": "ăâîșț",
    "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšž", "sv": "åäö", "tr": "çğıİöşü", "vi": "ăâđêôơư",
    "fa": "پچژگکی", "ur": "پچژگکیےٹڈڑ", "uk": "іїєґ", "sr": "ђјљњћџ",
}  # fmt: skip


def script_of(locale: str) -> str:
    """Return the ISO 15924 script that a locale is written in, by the CLDR's likely subtags."""
    parts = locale.replace("_", "-").split("-")
    named = next((p for p in parts[1:] if len(p) == 4 and p.isalpha()), "")
    return named.title() or _likely(parts[0].lower(), (parts[1:] or [""])[-1].upper())


@cache
def _likely(language: str, region: str) -> str:
    from babel.core import get_global

    known = get_global("likely_subtags")
    found = known.get(f"{language}_{region}") or known.get(language) or ""
    return found.split("_")[1] if found.count("_") >= 2 else "Latn"


def letters_of(locale: str) -> str:
    """Return letters that texts of the locale cannot do without, "" for an unknown script."""
    language = locale.replace("_", "-").split("-")[0].lower()
    own = LETTERS.get(language, "")
    return SAMPLES.get(script_of(locale), "") + own + own.upper().replace("SS", "")

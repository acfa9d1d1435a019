"""Words of suppliers' headers in several languages, for what every catalogue has.

One meaning a block: a semantic role, or a field behind "@"; its words are folded and parted by
bars, a further line is set in.
"""

from functools import cache

_WORDS = """
@identifier: sku|article number|article no|item number|item no|product code|product number
  artikelnummer|artikelnr|art nr|artnr|bestellnummer|tuotekoodi|tuotenumero|varenummer
  vare nr|numer artykulu|indeks|reference|referencia|codice articolo|artikkelinumero
@family: family|product family|familie|perhe|tuoteperhe|rodzina|famille|type of product
  produktgruppe
@categories: category|categories|kategorie|kategorien|kategoria|kategori|categorie|warengruppe
  tuoteryhma
@parent: parent|parent sku|model|vater|vaterartikel|parent code|malli
@enabled: enabled|active|aktiv|status active|aktywny|kaytossa
name: name|title|product name|designation|bezeichnung|produktname|artikelbezeichnung|nimi
  tuotenimi|navn|varenavn|nazwa|nazwa produktu|nom|nombre|nome|naam|benamning
short_description: short description|teaser|kurzbeschreibung|lyhyt kuvaus|kort beskrivelse
  krotki opis|kurztext
description: description|long description|beschreibung|langtext|produktbeschreibung|kuvaus
  tuotekuvaus|beskrivelse|opis|descripcion|descrizione|omschrijving|long text
gtin: ean|gtin|ean code|barcode|upc|ean13|ean 13|strichcode|viivakoodi|stregkode
  kod kreskowy|gtin 13|ean nummer
mpn: mpn|manufacturer part number|part number|herstellernummer|hersteller artikelnummer
  valmistajan koodi
brand: brand|make|marke|merkki|tuotemerkki|maerke|marka|marque|marca|manufacturer
  hersteller|valmistaja|producent|supplier brand
price: price|list price|preis|listenpreis|hinta|pris|cena|prix|precio|prezzo|rrp|msrp|uvp
  ovh|retail price|netto preis|vk preis
weight: weight|gewicht|paino|vaegt|waga|poids|peso|nettogewicht|net weight
width: width|breite|leveys|bredde|szerokosc|largeur
height: height|hohe|hoehe|korkeus|hojde|wysokosc|hauteur
length: length|depth|lange|laenge|tiefe|pituus|syvyys|laengde|dlugosc|profondeur|longueur
color: color|colour|farbe|vari|farve|kolor|couleur|kleur
size: size|grosse|groesse|koko|storrelse|rozmiar|taille|maat
material: material|werkstoff|materiaali|materiale|matiere
image: image|picture|photo|bild|bild url|image url|kuva|billede|zdjecie|image 1|hauptbild
  picture url|img
gallery: images|pictures|gallery|bilder|kuvat|billeder|zdjecia|more images
document: manual|datasheet|data sheet|datenblatt|anleitung|kayttoohje|manual url
keywords: keywords|tags|schlagworte|avainsanat|sogeord|slowa kluczowe
"""
LANGUAGES = {
    "english": "en", "englisch": "en", "german": "de", "deutsch": "de", "finnish": "fi",
    "suomi": "fi", "finnisch": "fi", "danish": "da", "dansk": "da", "polish": "pl",
    "polski": "pl", "french": "fr", "francais": "fr", "franzosisch": "fr", "spanish": "es",
    "espanol": "es", "italian": "it", "italiano": "it", "swedish": "sv", "svenska": "sv",
    "dutch": "nl", "nederlands": "nl", "norwegian": "nb", "norsk": "nb", "arabic": "ar",
}  # fmt: skip


@cache
def synonyms() -> dict[str, str]:
    """Return {folded words: what they mean}."""
    found: dict[str, str] = {}
    for block in _WORDS.strip().replace("\n  ", "|").splitlines():
        meant, _colon, words = block.partition(": ")
        found.update({word: meant for word in words.split("|")})
    return found

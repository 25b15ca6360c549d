"""Time zones by the cities in which people live, or by the language that they speak."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import available_timezones

REGIONS = ("Africa/", "America/", "Asia/", "Australia/", "Europe/", "Pacific/", "Atlantic/")
# Cities that no zone is named after, and some whose name is another one elsewhere.
CITIES: Mapping[str, str] = {
    "Europe/Berlin": "berlín, munich, münchen, múnich, hamburg, hamburgo, cologne, köln, colonia, "
    "frankfurt, stuttgart, düsseldorf, leipzig, dresden, hannover, bremen, nürnberg, ベルリン",
    "Europe/Vienna": "wien, viena, graz, salzburg, linz, innsbruck",
    "Europe/Zurich": "zürich, bern, basel, geneva, genf, genève, ginebra, lausanne",
    "Europe/Paris": "lyon, marseille, toulouse, bordeaux, lille, nantes, strasbourg, parís, パリ",
    "Europe/Madrid": "barcelona, valencia, sevilla, seville, bilbao, málaga, zaragoza, マドリード",
    "Europe/London": "londres, manchester, edinburgh, glasgow, liverpool, bristol, leeds, cardiff, "
    "birmingham, belfast, ロンドン",
    "Europe/Dublin": "cork, galway",
    "Europe/Rome": "rom, roma, milan, milano, mailand, milán, naples, napoli, turin, torino, "
    "florence, firenze, venice, bologna, ローマ",
    "Europe/Lisbon": "lisboa, lissabon, porto, oporto",
    "Europe/Amsterdam": "rotterdam, utrecht, the hague, den haag, eindhoven",
    "Europe/Brussels": "brüssel, bruselas, antwerp, ghent",
    "Europe/Copenhagen": "kopenhagen, københavn, copenhague, aarhus",
    "Europe/Stockholm": "gothenburg, göteborg, malmö, estocolmo",
    "Europe/Oslo": "bergen, trondheim",
    "Europe/Warsaw": "warschau, varsovia, kraków, krakow, gdańsk, wrocław",
    "Europe/Prague": "prag, praga, brno",
    "Europe/Athens": "athen, atenas, thessaloniki",
    "Europe/Kyiv": "kiev, lviv, odesa",
    "Europe/Moscow": "moskau, moscú, st petersburg, saint petersburg",
    "Europe/Istanbul": "ankara, izmir, estambul",
    "America/New_York": "nueva york, boston, washington, philadelphia, miami, atlanta, orlando, "
    "pittsburgh, baltimore, charlotte, nyc, ニューヨーク",
    "America/Chicago": "houston, dallas, austin, san antonio, new orleans, minneapolis, nashville, "
    "st louis, milwaukee",
    "America/Denver": "salt lake city, albuquerque, santa fe",
    "America/Los_Angeles": "san francisco, seattle, portland, san diego, las vegas, sacramento, "
    "oakland, san jose, ロサンゼルス",
    "America/Toronto": "montreal, montréal, ottawa, quebec",
    "America/Edmonton": "calgary",
    "America/Mexico_City": "ciudad de méxico, guadalajara, puebla, cdmx",
    "America/Bogota": "medellín, cali",
    "America/Argentina/Buenos_Aires": "rosario, la plata",
    "America/Sao_Paulo": "rio de janeiro, brasilia, belo horizonte, curitiba, porto alegre",
    "Asia/Tokyo": "tokio, osaka, kyoto, nagoya, sapporo, fukuoka, yokohama, hiroshima, kobe, 東京, "
    "大阪, 京都, 名古屋, 札幌, 福岡, 横浜",
    "Asia/Seoul": "busan, incheon",
    "Asia/Shanghai": "beijing, peking, pekín, shenzhen, guangzhou, chengdu, wuhan, hangzhou, 北京",
    "Asia/Kolkata": "mumbai, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, pune",
    "Asia/Ho_Chi_Minh": "hanoi, saigon",
    "Asia/Jerusalem": "tel aviv, haifa",
    "Asia/Dubai": "abu dhabi",
    "Asia/Karachi": "lahore, islamabad",
    "Australia/Sydney": "canberra, シドニー",
    "Australia/Melbourne": "geelong",
    "Pacific/Auckland": "wellington, christchurch",
    "Africa/Johannesburg": "cape town, kapstadt, durban, pretoria",
    "Africa/Lagos": "abuja",
    "Africa/Cairo": "kairo, el cairo, alexandria",
}
LANGUAGES: Mapping[str, str] = {  # where nearly all who speak one live in one zone
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
    "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw",
    "cs": "Europe/Prague",
    "sv": "Europe/Stockholm",
    "da": "Europe/Copenhagen",
    "no": "Europe/Oslo",
    "nb": "Europe/Oslo",
    "fi": "Europe/Helsinki",
    "hu": "Europe/Budapest",
    "el": "Europe/Athens",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "ro": "Europe/Bucharest",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "th": "Asia/Bangkok",
    "vi": "Asia/Ho_Chi_Minh",
    "es": "Europe/Madrid",
    "he": "Asia/Jerusalem",
    "hi": "Asia/Kolkata",
}
OFFERED = ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata")
WORD = re.compile(r"[^\W\d_]+")


def of_city(typed: str) -> str | None:
    """The zone of the city that is named in these words, the longest name first."""
    words = f" {' '.join(WORD.findall(_plain(typed)))} "
    named = [city for city in _cities() if f" {city} " in words]
    if not named:  # where no spaces stand between words
        named = [city for city in _cities() if not city.isascii() and city in words]
    return _cities()[max(named, key=len)] if named else None


def of_language(language: str) -> str | None:
    """The zone in which nearly all who speak this language live, where there is one."""
    return LANGUAGES.get(language)


@lru_cache(maxsize=1)
def zones() -> dict[str, str]:
    """All zones by their names in small letters."""
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    placed = [it for it in sorted(available_timezones()) if it.startswith(REGIONS)]
    found = {it.rpartition("/")[2].lower().replace("_", " "): it for it in placed}
    found |= {
        " ".join(WORD.findall(_plain(city))): zone
        for zone, cities in CITIES.items()
        for city in cities.split(", ")
    }
    return found


def _plain(text: str) -> str:
    """Small letters without the marks on them; those that need theirs keep them."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(it for it in parts if not 0x300 <= ord(it) < 0x370)
    return unicodedata.normalize("NFC", bare)

"""Names and places from many countries and scripts. They are made of common given and family names, of no one person.

A name in another script carries its Latin spelling behind `=`; for the others the Latin form is derived.
"""

# ruff: noqa: RUF001 - names stand in their own scripts, whose letters resemble Latin ones
from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Culture(NamedTuple):
    """One country: its telephone prefix, cities, and pairs (shown, Latin) of given and family names."""

    country: str
    prefix: str
    cities: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]


_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "þ": "th", "ð": "d", "'": ""})


def latin(name: str) -> str:
    """A lower-case ASCII spelling for an e-mail address: accents dropped, blanks and hyphens removed."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPECIAL))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def _names(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in text.split(", "))
    return tuple((shown, spelled or latin(shown)) for shown, _, spelled in pairs)


def _culture(country: str, prefix: str, cities: str, given: str, family: str) -> Culture:
    return Culture(country, prefix, tuple(cities.split(", ")), _names(given), _names(family))


CULTURES = (
    _culture(
        "Germany", "+49", "Berlin, München, Köln, Görlitz, Lübeck",
        "Jürgen, Anneliese, Jörg, Käthe, Matthias, Ulrike, Björn, Heike, Götz, Sabine",
        "Müller, Schäfer, Weiß, Krüger, Böhm, Großmann, Vogel, Lindner, Köhler, Hübner",
    ),
    _culture(
        "Austria", "+43", "Wien, Graz, Linz, Innsbruck",
        "Leopold, Elfriede, Maximilian, Resi, Florian, Theresia",
        "Gruber, Pichler, Steiner, Moser, Hofstätter, Österreicher",
    ),
    _culture(
        "Switzerland", "+41", "Zürich, Genève, Bern, Lugano",
        "Reto, Ursina, Beat, Séverine, Luca, Regula",
        "Zürcher, Bühler, Favre, Bernasconi, Ammann, Rochat",
    ),
    _culture(
        "France", "+33", "Paris, Lyon, Nîmes, Besançon, Orléans",
        "Amélie, François, Zoé, Benoît, Hélène, Loïc, Maëlys, Gaëtan",
        "Durand, Lefèvre, Béranger, Garçon, Dupré, O'Brien, Noël, Perrault",
    ),
    _culture(
        "Spain", "+34", "Madrid, Málaga, A Coruña, Cádiz",
        "José Luis, María, Íñigo, Begoña, Álvaro, Concepción",
        "Muñoz, García Pérez, Ibáñez, Núñez, Peña, Rodríguez",
    ),
    _culture(
        "Poland", "+48", "Łódź, Kraków, Gdańsk, Wrocław",
        "Łukasz, Małgorzata, Grażyna, Wojciech, Zbigniew, Agnieszka",
        "Wiśniewski, Wójcik, Dąbrowska, Szymański, Łęcka, Źrebiec",
    ),
    _culture(
        "Czechia", "+420", "Praha, Plzeň, Hradec Králové",
        "Jiří, Růžena, Ondřej, Zdeňka, Vojtěch, Kateřina",
        "Dvořák, Němcová, Řezníček, Šťastný, Černý, Kučerová",
    ),
    _culture(
        "Iceland", "+354", "Reykjavík, Akureyri",
        "Þórdís, Guðrún, Sæmundur, Ásgeir, Halldóra",
        "Jónsdóttir, Guðmundsson, Þorvaldsson, Ægisdóttir",
    ),
    _culture(
        "Türkiye", "+90", "İstanbul, İzmir, Diyarbakır",
        "Işıl, Çağla, Gökhan, Şebnem, Ömer, Tuğba",
        "Yıldırım, Öztürk, Çelik, Aydın, Şahin, Güneş",
    ),
    _culture(
        "India", "+91", "Chennai, Mumbai, Pune, Kolkata, Kochi",
        "Priya, Arjun, Lakshmi, Ravi, अनिता=anita, விஜய்=vijay, Deepika, Sanjay, Meera, Kiran",
        "Iyer, Nair, Banerjee, शर्मा=sharma, Patel, Reddy, குமார்=kumar, Deshpande, Chatterjee, Menon",
    ),
    _culture(
        "Japan", "+81", "東京, 大阪, 京都",
        "健太=kenta, 美咲=misaki, 翔=sho, さくら=sakura, 陽子=yoko, ケイコ=keiko",
        "田中=tanaka, 鈴木=suzuki, 山本=yamamoto, 渡辺=watanabe, 佐々木=sasaki",
    ),
    _culture(
        "China", "+86", "北京, 上海, 成都",
        "伟=wei, 芳=fang, 秀英=xiuying, 强=qiang, 丽=li",
        "王=wang, 张=zhang, 刘=liu, 欧阳=ouyang, 陈=chen",
    ),
    _culture(
        "South Korea", "+82", "서울, 부산",
        "민준=minjun, 서연=seoyeon, 지훈=jihun, 하은=haeun",
        "김=kim, 이=lee, 박=park, 최=choi",
    ),
    _culture(
        "Egypt", "+20", "القاهرة, الإسكندرية",
        "فاطمة=fatima, محمد=mohamed, ليلى=layla, يوسف=youssef, نور=nour",
        "حسن=hassan, إبراهيم=ibrahim, المصري=elmasry, عبد الله=abdallah",
    ),
    _culture(
        "Ukraine", "+380", "Київ, Харків, Львів",
        "Олена=olena, Тарас=taras, Марія=mariia, Дмитро=dmytro, Соломія=solomiia",
        "Шевченко=shevchenko, Коваленко=kovalenko, Бондар=bondar, Лисенко=lysenko",
    ),
    _culture(
        "Greece", "+30", "Αθήνα, Θεσσαλονίκη",
        "Ελένη=eleni, Γιώργος=giorgos, Δήμητρα=dimitra, Νίκος=nikos",
        "Παπαδόπουλος=papadopoulos, Γεωργίου=georgiou, Νικολάου=nikolaou",
    ),
    _culture(
        "Viet Nam", "+84", "Hà Nội, Đà Nẵng, Huế",
        "Thị Hạnh, Văn Đức, Ngọc Ánh, Quốc Bảo",
        "Nguyễn, Trần, Phạm, Đặng",
    ),
    _culture(
        "Thailand", "+66", "กรุงเทพฯ, เชียงใหม่",
        "สมชาย=somchai, มาลี=malee, อรุณ=arun",
        "ศรีสุข=srisuk, ใจดี=jaidee, ทองดี=thongdee",
    ),
    _culture(
        "Brazil", "+55", "São Paulo, Belém, Brasília",
        "João, Conceição, Antônio, Luísa, Caetano",
        "Araújo, Conceição, Simões, Guimarães, da Silva",
    ),
    _culture(
        "Nigeria", "+234", "Lagos, Abuja, Ìbàdàn",
        "Chidinma, Olúwaṣeun, Adébáyọ̀, Ngozi, Emeka",
        "Okonkwo, Adéyẹmí, Balogun, Eze, Ọbasanya",
    ),
    _culture(
        "Ireland", "+353", "Dublin, Galway, Dún Laoghaire",
        "Siobhán, Seán, Róisín, Pádraig, Aoife",
        "O'Connor, Ní Bhriain, Mac Giolla, Ó Súilleabháin, Byrne",
    ),
    _culture(
        "United States", "+1", "Springfield, Portland, Austin, Oakland",
        "Patricia, Marcus, Denise, Tyrone, Emily, Walter, Grace, Hector",
        "Baker, Palaskas, Freeman, Alvarez, Whitfield, Nguyen, Kowalski, Reed",
    ),
)  # fmt: skip

DOMAINS = (
    "zylker.com",
    "mail.example.com",
    "post.example.org",
    "correo.example.net",
    "inbox.example.com",
    "web.example.org",
    "box.example.net",
    "letters.example.com",
)
"""Domains of people who can be written to: all reserved for examples, or Zoho's own fictional company."""

OWNERS = ("Meera Raghunathan", "Tomás Feeney", "Yuki Aoyama", "Ines Halvorsen")
"""The recruiters of the organisation."""

TITLES = (
    "Software Engineer",
    "Data Analyst",
    "Nurse",
    "Accountant",
    "Project Manager",
    "Welder",
    "Graphic Designer",
    "Sales Representative",
    "Teacher",
    "Warehouse Lead",
    "Electrician",
    "Translator",
)
EMPLOYERS = (
    "Zylker Travels",
    "Zylker Foods",
    "Blue Heron Works",
    "Tintenfass Verlag",
    "Hafenkran Logistik",
    "Mango Row Clinics",
    "Copper Lantern Games",
    "Nordwind Solar",
)
SKILLS = (
    "Java, SQL",
    "Python, Linux",
    "Bookkeeping, Excel",
    "Patient care",
    "TIG welding, MAG welding",
    "Negotiation, CRM",
    "Illustration, Typography",
    "Forklift licence",
)

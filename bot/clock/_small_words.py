"""The small words around days and times, by language: what no calendar lists.

CLDR, and with it `dateparser`, names days, months and units. How people say “next”, “every”,
“after” or “half past” is in no list that is kept, so it stands here, a language a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

# Each field holds phrases between bars. `on` and `at` lead a day and an exact time; `limit` and
# `about` one that is not; `into` counts days and hours from now; `ones` to `twelve` are numbers.
_TABLE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "on": "on|on the",
        "at": "at|@|from|starting|starting at|starts|starts at",
        "about": "around|about|approx|approximately|circa|ca|c|~|roughly|maybe|perhaps|probably"
        "|some time|somewhere around",
        "limit": "after|before|by|past|until|till|til|not before|no later than|no earlier than"
        "|latest|earliest|any time after|anytime after|not after",
        "this": "this",
        "next": "next|nxt|nex|following|the following|the next",
        "coming": "coming|upcoming|this coming",
        "last": "last",
        "every": "every|each|every other|alternate",
        "from": "from|from around", "between": "between", "to": "to|till|til|until|through",
        "into": "in",
        "or": "or",
    },
    "de": {
        "on": "am|den|der|an|dem|am kommenden",
        "at": "um|ab jetzt um",
        "about": "gegen|etwa|ungefähr|ca|circa|rund um|so um|kurz nach|kurz vor|so gegen",
        "limit": "ab|nach|vor|bis|spätestens|frühestens|spätestens um|frühestens um|bis spätestens"
        "|nicht vor|irgendwann nach",
        "this": "diesen|dieser|diese|dieses",
        "next": "nächsten|nächster|nächste|nächstem|naechsten|naechster|naechste|darauffolgenden",
        "coming": "kommenden|kommender|kommende|kommendem",
        "last": "letzten|letzter|letzte|vorigen|vergangenen",
        "every": "jeden|jeder|jede|immer|jeweils",
        "from": "von", "between": "zwischen", "to": "bis|bis um", "and": "und",
        "into": "in", "or": "oder",
        "vague": "übernächsten|übernächster|übernächste|anfang|ende der|ende|mitte|irgendwann"
        "|demnächst|bald|später|vormittags|nachmittags|abends|morgens|baldmöglichst|so bald wie"
        " möglich|feierabend|nach dem mittag|wochenende|am wochenende",
        "parts": "früh=morning|morgen=morning|vormittag=morning|mittag=afternoon"
        "|nachmittag=afternoon|abend=evening",
        "noon": "mittag|mittags|am mittag",
        "quarter_past": "viertel nach", "quarter_to": "viertel vor", "past": "nach",
        "to_hour": "vor",
        "half_before": "halb",
        "spans": "halbe stunde=30|eine halbe stunde=30|viertelstunde=15|eine viertelstunde=15"
        "|dreiviertelstunde=45|eine dreiviertelstunde=45|anderthalb stunden=90"
        "|eineinhalb stunden=90"
        "|stunde=60",
        "ones": "ein|eine|einen|einer|einem",
        "numbers": "eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf",
    },
    "fr": {
        "on": "le|au",
        "at": "à|a|pour",
        "about": "vers|environ|aux alentours de|autour de|à peu près|vers les",
        "limit": "après|avant|jusqu'à|à partir de|dès|au plus tôt|au plus tard|au plus tard à"
        "|pas avant|d'ici|depuis",
        "this": "ce|cet|cette",
        "next": "prochain|prochaine|suivant|suivante",
        "last": "dernier|dernière|passé",
        "every": "tous les|toutes les|chaque",
        "from": "de|dès", "between": "entre", "to": "à|a|jusqu'à", "and": "et",
        "into": "dans|d'ici", "or": "ou",
        "vague": "en huit|en quinze|fin de|début de|fin|début|bientôt|dès que possible|plus tard"
        "|courant|le matin|l'après-midi|après le déjeuner|après déjeuner|week-end|le week-end",
        "parts": "matin=morning|après-midi=afternoon|aprem=afternoon|soir=evening|au matin=morning"
        "|dans l'après-midi=afternoon|du matin=morning|de l'après-midi=afternoon|du soir=evening",
        "noon": "midi|à midi|12h pile",
        "half_behind": "et demie|et demi", "quarter_behind": "et quart|et le quart",
        "quarter_less": "moins le quart|moins quart",
        "spans": "une demi-heure=30|demi-heure=30|une demi heure=30|demi heure=30"
        "|un quart d'heure=15|quart d'heure=15|trois quarts d'heure=45|une heure et demie=90"
        "|une heure=60",
        "ones": "un|une",
        "numbers": "un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze",
    },
    "es": {
        "on": "el|este el|para el|al|día|el día",
        "at": "a las|a la|a|las|para las",
        "about": "sobre las|sobre|alrededor de|alrededor de las|hacia las|hacia|a eso de las"
        "|aproximadamente|cerca de las",
        "limit": "después de|después de las|antes de|antes de las|a partir de|a partir de las"
        "|hasta|hasta las|desde|desde las|no antes de las|como muy tarde|despues de las",
        "this": "este|esta",
        "next": "próximo|próxima|proximo|proxima|que viene|siguiente",
        "last": "pasado|pasada|último",
        "every": "cada|todos los|todas las|los",
        "from": "de|de las|desde|desde las", "between": "entre|entre las",
        "to": "a|a las|hasta|hasta las", "and": "y|y las",
        "into": "en|dentro de", "or": "o|u",
        "vague": "fin de|finales de|principios de|a principios de|a finales de|pronto|luego"
        "|más tarde|cuanto antes|lo antes posible|por la tarde|por la mañana|por la noche"
        "|después de comer|fin de semana",
        "parts": "de la mañana=morning|de la tarde=afternoon|de la noche=evening"
        "|por la mañana=morning|por la tarde=afternoon|por la noche=evening|tarde=afternoon"
        "|noche=evening|de la manana=morning",
        "noon": "mediodía|al mediodía|mediodia|al mediodia",
        "half_behind": "y media", "quarter_behind": "y cuarto", "quarter_less": "menos cuarto",
        "spans": "media hora=30|una media hora=30|un cuarto de hora=15|cuarto de hora=15"
        "|hora y media=90|una hora y media=90|una hora=60|tres cuartos de hora=45",
        "ones": "un|una|uno",
        "numbers": "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce",
    },
    "it": {
        "on": "il|di|per il|lo|giorno",
        "at": "alle|alle ore|ore|all'|h|a|per le|alle h",
        "about": "verso|verso le|circa|intorno alle|intorno a|circa alle|attorno alle",
        "limit": "dopo|dopo le|prima di|prima delle|entro|entro le|fino alle|dalle|a partire dalle"
        "|non prima delle|al più tardi",
        "this": "questo|questa",
        "next": "prossimo|prossima|seguente",
        "last": "scorso|scorsa",
        "every": "ogni|tutti i|tutte le",
        "from": "dalle|dalle ore|da|delle", "between": "tra le|tra|fra le|fra",
        "to": "alle|alle ore|a|fino alle", "and": "e|e le",
        "into": "tra|fra|in", "or": "o|oppure",
        "vague": "fine|inizio|metà|presto|più tardi|appena possibile|dopo pranzo|prima di pranzo"
        "|nel pomeriggio|in mattinata|in serata|fine settimana",
        "parts": "mattina=morning|pomeriggio=afternoon|sera=evening|di mattina=morning"
        "|di pomeriggio=afternoon|del pomeriggio=afternoon|del mattino=morning|di sera=evening",
        "noon": "mezzogiorno|a mezzogiorno",
        "half_behind": "e mezza|e mezzo", "quarter_behind": "e un quarto|e quarto",
        "quarter_less": "meno un quarto",
        "spans": "mezz'ora=30|mezzora=30|una mezz'ora=30|un'ora=60|un quarto d'ora=15"
        "|un'ora e mezza=90|un'ora e mezzo=90|un ora=60|un'oretta=60|tre quarti d'ora=45",
        "ones": "un|una|uno",
        "numbers": "una|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici",
    },
    "pt": {
        "on": "na|no|dia|em|o|a|no dia|para|para o dia|para a",
        "at": "às|as|à|ao|a|para as|pelas",
        "about": "por volta das|por volta de|cerca das|lá pelas|umas|aproximadamente",
        "limit": "depois das|antes das|a partir das|até|até às|até as|após|após as|desde as"
        "|depois da|no máximo",
        "this": "este|esta|neste|nesta|essa|nessa|esse|nesse",
        "next": "próximo|próxima|proximo|proxima|que vem|na próxima|no próximo|seguinte",
        "last": "passado|passada|último|última",
        "every": "toda|todo|todas as|todos os|cada",
        "from": "das|de|da", "between": "entre|entre as", "to": "às|as|a|até|até às",
        "and": "e|e as",
        "into": "em|daqui a|dentro de", "or": "ou",
        "vague": "fim de|final de|início de|começo de|no início da|no fim da|logo|mais tarde"
        "|em breve|depois do almoço|à tarde|de tarde|à noite|de manhã|fim de semana",
        "parts": "da manhã=morning|da tarde=afternoon|da noite=evening|de manhã=morning"
        "|de tarde=afternoon|à tarde=afternoon|à noite=evening|tarde=afternoon|noite=evening",
        "noon": "meio-dia|ao meio-dia|meio dia|ao meio dia",
        "half_behind": "e meia", "quarter_behind": "e quinze|e um quarto",
        "spans": "meia hora=30|uma hora=60|uma hora e meia=90|hora e meia=90"
        "|um quarto de hora=15|quarenta e cinco minutos=45",
        "ones": "um|uma",
        "numbers": "uma|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze",
    },
    "nl": {
        "on": "op|de|den|op de",
        "at": "om|vanaf nu om",
        "about": "rond|omstreeks|ongeveer|rond een uur of|zo rond|tegen|een uur of",
        "limit": "na|voor|vanaf|tot|uiterlijk|niet voor|tot uiterlijk|pas om",
        "this": "deze|dit",
        "next": "volgende|volgend|eerstvolgende",
        "coming": "komende|aanstaande|a.s|aankomende",
        "last": "vorige|afgelopen|laatste",
        "every": "elke|iedere",
        "from": "van", "between": "tussen", "to": "tot", "and": "en",
        "into": "over|in", "or": "of",
        "vague": "begin|eind|einde|halverwege|binnenkort|later|zo snel mogelijk|'s middags"
        "|'s ochtends|'s avonds|'s morgens|smiddags|na de lunch|weekend|het weekend",
        "parts": "ochtend=morning|middag=afternoon|avond=evening|vroeg=morning",
        "noon": "twaalf uur 's middags",
        "quarter_past": "kwart over", "quarter_to": "kwart voor", "past": "over", "to_hour": "voor",
        "half_before": "half",
        "spans": "half uur=30|een half uur=30|halfuur=30|half uurtje=30|een halfuur=30"
        "|halfuurtje=30"
        "|kwartier=15|een kwartier=15|drie kwartier=45|anderhalf uur=90|een uur=60|uurtje=60"
        "|een uurtje=60|1 uur=60|2 uur=120|1,5 uur=90",
        "ones": "een|één",
        "numbers": "een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf",
    },
    "pl": {
        "on": "w|we|na|dnia",
        "at": "o|godz|o godz|g|o godzinie|na|od godz",
        "about": "około|ok|koło|mniej więcej o|w okolicach",
        "limit": "po|przed|do|od|najpóźniej o|nie przed|najwcześniej o",
        "this": "ten|w ten|tę|w tę",
        "next": "przyszły|przyszłą|następny|następną|w przyszły|w przyszłą|w następny|kolejny",
        "coming": "najbliższy|w najbliższy|nadchodzący",
        "last": "zeszły|ostatni|w zeszły",
        "every": "co|każdy|w każdy|każdą|w każdą",
        "from": "od", "between": "między|pomiędzy", "to": "do", "and": "a",
        "into": "za", "or": "lub|albo|czy",
        "vague": "na początku|pod koniec|w przyszłym|przyszłego|koniec|początek|wkrótce|później"
        "|rano|po południu|wieczorem|jak najszybciej|po obiedzie|weekend",
        "parts": "rano=morning|po południu=afternoon|wieczorem=evening",
        "noon": "południe|w południe",
        "spans": "pół godziny=30|godzinę=60|godzina=60|na godzinę=60|godzinka=60|kwadrans=15"
        "|półtorej godziny=90|na pół godziny=30",
        "ones": "jeden|jedna|jedną",
        "numbers": "jeden|dwa|trzy|cztery|pięć|sześć|siedem|osiem|dziewięć|dziesięć|jedenaście"
        "|dwanaście",
    },
    "da": {
        "on": "på|den|d|på den",
        "at": "kl|klokken|klokka|kl ca",
        "about": "omkring|cirka|ca|omkring kl|ca kl|cirka kl|rundt om",
        "limit": "efter|før|efter kl|før kl|fra|fra kl|inden|inden kl|senest|senest kl|tidligst kl"
        "|indtil",
        "this": "denne|nu på",
        "next": "næste|førstkommende|følgende",
        "coming": "kommende",
        "last": "sidste|forrige",
        "every": "hver|hver anden",
        "from": "fra|fra kl", "between": "mellem|mellem kl", "to": "til|til kl", "and": "og",
        "into": "om", "or": "eller",
        "vague": "først i|sidst i|i starten af|i slutningen af|snart|senere|i eftermiddag"
        "|i formiddag|i aften|hurtigst muligt|efter frokost|weekenden|i weekenden",
        "parts": "morgen=morning|formiddag=morning|eftermiddag=afternoon|aften=evening",
        "noon": "middag",
        "quarter_past": "kvart over", "quarter_to": "kvart i", "past": "over", "to_hour": "i",
        "half_before": "halv",
        "spans": "en time=60|en halv time=30|halv time=30|halvanden time=90|et kvarter=15"
        "|kvarter=15"
        "|tre kvarter=45|halv times=30",
        "ones": "en|et",
        "numbers": "et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv",
    },
    "nb": {
        "on": "på|den",
        "at": "kl|klokka|klokken",
        "about": "rundt|omtrent|cirka|ca|rundt kl|ca kl|omkring kl",
        "limit": "etter|før|etter kl|før kl|fra|fra kl|innen|innen kl|senest kl|tidligst kl",
        "this": "denne|nå på",
        "next": "neste|førstkommende|følgende",
        "coming": "kommende",
        "last": "sist|forrige|siste",
        "every": "hver|hver annen",
        "from": "fra|fra kl", "between": "mellom|mellom kl", "to": "til|til kl", "and": "og",
        "into": "om", "or": "eller",
        "vague": "i starten av|i slutten av|tidlig|snart|senere|i ettermiddag|i formiddag|i kveld"
        "|så snart som mulig|etter lunsj|helgen|i helgen",
        "parts": "morgen=morning|formiddag=morning|ettermiddag=afternoon|kveld=evening",
        "quarter_past": "kvart over", "quarter_to": "kvart på", "past": "over", "to_hour": "på",
        "half_before": "halv",
        "spans": "en time=60|en halv time=30|halv time=30|halvannen time=90|et kvarter=15"
        "|kvarter=15"
        "|tre kvarter=45|halvtime=30",
        "ones": "en|ett|et",
        "numbers": "ett|to|tre|fire|fem|seks|sju|åtte|ni|ti|elleve|tolv",
    },
    "sv": {
        "on": "på|den|nu på",
        "at": "kl|klockan|klo",
        "about": "runt|ungefär|cirka|ca|runt kl|ca kl|vid|vid kl|kring|kring kl",
        "limit": "efter|före|efter kl|före kl|från|från kl|innan|innan kl|senast|senast kl"
        "|tidigast kl",
        "this": "denna|den här|nu på",
        "next": "nästa|nästkommande|följande",
        "coming": "kommande",
        "last": "förra|senaste",
        "every": "varje|varannan",
        "from": "från|från kl", "between": "mellan|mellan kl", "to": "till|till kl",
        "and": "och",
        "into": "om", "or": "eller",
        "vague": "i början av|i slutet av|tidigt|snart|senare|i eftermiddag|i förmiddag|i kväll"
        "|ikväll|så snart som möjligt|efter lunch|helgen|i helgen",
        "parts": "morgon=morning|förmiddag=morning|eftermiddag=afternoon|kväll=evening",
        "quarter_past": "kvart över", "quarter_to": "kvart i", "past": "över", "to_hour": "i",
        "half_before": "halv",
        "spans": "en timme=60|en halvtimme=30|halvtimme=30|en halv timme=30|halv timme=30"
        "|en och en halv timme=90|en kvart=15|kvart=15|halvtimma=30|en timma=60",
        "ones": "en|ett",
        "numbers": "ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv",
    },
    "fi": {
        "at": "klo|kello",
        "about": "noin|n|noin klo",
        "limit": "jälkeen|ennen|asti|alkaen|viimeistään",
        "this": "tänä|tämä", "next": "ensi|seuraava|seuraavana", "coming": "tuleva|tulevana",
        "last": "viime", "every": "joka",
        "or": "tai",
        "vague": "iltapäivällä|aamupäivällä|illalla|aamulla|pian|myöhemmin|ensi viikolla"
        "|viikonloppuna",
        "half_before": "puoli", "quarter_past": "varttia yli", "quarter_to": "varttia vaille",
        "spans": "tunti=60|tunnin=60|puoli tuntia=30|puolitoista tuntia=90|vartti=15",
        "ones": "yksi",
        "numbers": "yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|kymmenen"
        "|yksitoista|kaksitoista",
    },
    "cs": {
        "on": "v|ve|na|dne", "at": "v|ve|od|o",
        "about": "kolem|asi v|přibližně v|okolo",
        "limit": "po|před|do|nejpozději v|nejdříve v",
        "this": "tento|tuto", "next": "příští|další", "last": "minulý|minulou",
        "every": "každý|každé",
        "from": "od", "to": "do|až", "into": "za", "or": "nebo",
        "vague": "začátkem|koncem|brzy|později|odpoledne|dopoledne|večer|ráno|víkend",
        "noon": "poledne|v poledne",
        "spans": "hodinu=60|hodina=60|půl hodiny=30|půlhodinu=30|hodinu a půl=90|čtvrt hodiny=15",
        "numbers": "jeden|dva|tři|čtyři|pět|šest|sedm|osm|devět|deset|jedenáct|dvanáct",
    },
    "tr": {
        "at": "saat", "on": "günü",
        "limit": "sonra|önce|kadar", "about": "yaklaşık|civarı",
        "this": "bu", "next": "gelecek|önümüzdeki|haftaya", "last": "geçen", "every": "her",
        "or": "veya|ya da",
        "vague": "haftaya|öğleden sonra|sabah|akşam|yakında",
        "spans": "yarım saat=30|bir saat=60|bir buçuk saat=90",
        "numbers": "bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz|on|on bir|on iki",
    },
}  # fmt: skip


class SmallWords(NamedTuple):
    """Those of one language, and English with them. Patterns match lower-case text.

    `every`, `last` and such are the bare alternatives of a pattern; `loose` is each of their words,
    none of which belongs to a name that is typed in small letters.
    """

    on: str
    at: str
    about: str
    limit: str
    this: str
    next: str
    coming: str
    last: str
    every: str
    froms: str
    between: str
    to: str
    ands: str
    into: str
    vague: str
    noon: frozenset[str]
    parts: Mapping[str, str]
    spans: Mapping[str, int]
    numbers: Mapping[str, int]
    quarter_past: str
    quarter_to: str
    past: str
    to_hour: str
    half_before: str
    half_behind: str
    quarter_behind: str
    quarter_less: str
    loose: frozenset[str]


@cache
def small_words(language: str) -> SmallWords:
    """The small words of a language, English among them."""
    own = _TABLE.get(language, {}) if language != "en" else {}
    both = (_TABLE["en"], own)

    def named(field: str) -> str:
        return alternatives(p for each in both for p in _phrases(each, field))

    return SmallWords(
        on=named("on"), at=named("at"), about=named("about"), limit=named("limit"),
        this=named("this"), next=named("next"), coming=named("coming"), last=named("last"),
        every=named("every"), froms=named("from"), between=named("between"), to=named("to"),
        ands=named("and"), into=named("into"), vague=named("vague"),
        noon=frozenset(_phrases(own, "noon")),
        parts=dict(_pairs(own, "parts")),
        spans={name: int(minutes) for name, minutes in _pairs(own, "spans")},
        numbers=_numbers(own),
        quarter_past=named("quarter_past"), quarter_to=named("quarter_to"), past=named("past"),
        to_hour=named("to_hour"), half_before=named("half_before"),
        half_behind=named("half_behind"), quarter_behind=named("quarter_behind"),
        quarter_less=named("quarter_less"), loose=_loose(own),
    )  # fmt: skip


def _phrases(table: Mapping[str, str], field: str) -> list[str]:
    return [each for each in table.get(field, "").split("|") if each]


def _pairs(table: Mapping[str, str], field: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (p.partition("=") for p in _phrases(table, field))]


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern of them, the longest first; one that never matches where there are none."""
    found = sorted(dict.fromkeys(phrases), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, found)) + ")" if found else "(?!)"


def _numbers(table: Mapping[str, str]) -> dict[str, int]:
    counted = {name: n for n, name in enumerate(_phrases(table, "numbers"), 1)}
    return counted | dict.fromkeys(_phrases(table, "ones"), 1)


def _loose(table: Mapping[str, str]) -> frozenset[str]:
    """Each word of the phrases but for numbers, which are parts of names."""
    fields = [f for f in table if f not in ("numbers", "ones")]
    phrases = [p.partition("=")[0] for field in fields for p in _phrases(table, field)]
    return frozenset(word for phrase in phrases for word in phrase.split())

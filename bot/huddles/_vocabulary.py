"""Small words of a `/huddle` line that are no part of a name, in the languages that reps type."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WITH = _words(
    "with w w/ plus mit con avec med met com cc ft incl including invite inviting bring bringing"
)
AND = _words("and & + , y et e und en og och i ; | /")
OR = _words("or oder ou o of ó eller vs")

# Said beside the parts of a call, and nothing is lost with them.
NOISE = _words(
    "thanks thx ty pls please plz cheers danke bitte merci gracias quick call meeting mtg chat sync"
    " uhr hrs sharp appel anruf termin hi hey"
)
CALLED = _words(
    "call meeting mtg chat sync session appointment meet anruf termin lunch dinner breakfast coffee"
)
# “please book a call with acme”
ASKING = _words("please pls plz book schedule arrange create prepare prep setup organise organize")
ARTICLES = _words("a an the my our another")
LEADS = _words("for with about re on at für mit pour avec para con the")
TAILS = _words(
    "at on re regarding for from by with w w/ until till til to um am"
    " bis von à le el las alle il om op på kl"
    " in around about after before between and or is @ ~ starting start den"
    " maybe perhaps hopefully probably possibly prob tentative tentatively provisional"
)
CONNECTORS = TAILS | _words(
    "ab na ca c vor nach gegen etwa vers environ circa approx roughly from for before by past efter"
    " före dopo après avant no der a al y e et und the this de van von entre dalle vid kl"
)
TOWARDS = _words("to until til till onto auf by for from à a al alle naar na för por para")

# In the middle of a name in small letters they make one doubt that it is a name.
INSIDE = _words(
    "at with w/ from till until between around after before um mit avec bis gegen vers starting"
    " not but instead vs versus"
)
COMMANDS = _words(
    "move cancel reschedule postpone delete cancelled canceled moved verschieben verschoben absagen"
    " abgesagt stornieren annuler annulé déplacer reporter cancelar mover aplazar annullare"
    " spostare verzetten"
)
IN_NAMES = _words("of and the for de la du des von van der den in y & et und e ex del di")

# At the end of a name in small letters they are about the call, or about who comes.
ABOUT_CALL = _words(
    "team everyone everybody all us guys folks group standup stand-up kickoff kick-off follow-up"
    " followup catchup catch-up lunch dinner breakfast coffee webinar workshop training onboarding"
    " interview session prep visit onsite handover debrief update status daily weekly biweekly"
    " monthly quarterly yearly recurring every each month months year years week weeks fortnight"
    " fortnightly weekday weekdays day days hour hours minute minutes time"
    " first second third fourth final disco proposal quote contract pitch closing procurement poc"
    " pov rollout implementation roadmap feedback check-in checkin presentation churn tender 1:1"
    " 1-1 1on1 tom"
)
# What begins or makes a sentence, and no name that is typed in small letters.
SPEECH = _words(
    "remind me my please what what's whats when when's who how why can could would should i i'm"
    " i've we you he she they is are schedule book create start prepare prep show tell need"
    " want"
    " have has had talk speak about set up let's lets it this that will was not don't do does"
    " did ready huddle our if because"
)

# Behind a small word they make a name of it: “friday ltd”, “intro labs”.
COMPANY_ENDS = _words(
    "ltd limited inc incorporated co corp corporation company llc llp plc gmbh ag kg se sa sas sarl"
    " srl spa bv nv ab as oy aps group holding holdings labs bank bio systems"
)

# Commands.
CHANGE = _words(
    "move reschedule postpone push shift change update rebook bump delay verschiebe verschieben"
    " verlege verlegen déplacer déplace reporter reporte décaler décale mover mueve aplazar aplaza"
    " cambiar sposta spostare rimanda rimandare verzet verzetten verplaats verplaatsen adiar adia"
    " remarcar remarca flytta flyt flytte przełóż przenieś"
)
LENGTHEN = _words("extend shorten lengthen make")
CHANGED = CHANGE | _words(
    "moved rescheduled postponed pushed shifted changed moves rebooked delayed updated"
    " verschoben verlegt reporté reportée décalé déplacé aplazado aplazada cambiado movido movida"
    " spostato spostata rimandato verplaatst adiado adiada remarcado flyttad flyttat flyttet"
    " przełożone przesunięte"
)
CANCEL = _words(
    "cancel delete remove drop scrap unbook annuler annule absagen stornieren storniere cancelar"
    " cancela anular annulla annullare afzeggen annuleer annuleren aflys aflyse avlys avlyse avboka"
    " odwołaj"
)
CANCELLED = _words(
    "cancelled canceled cancel cancels delete deleted abgesagt absagen storniert stornieren"
    " ausgefallen annulé annulée annuler cancelado cancelada cancelar anulado anulada annullato"
    " annullata annullare afgezegd geannuleerd afgelast aflyst avlyst avbokad avbokat inställt"
    " inställd odwołane odwołany"
)
FILLER = _words("the call meeting on me us our by them they it appointment last minute")
BY_HOW_MUCH = _words("back out forward up")
AUXILIARY = _words("is was got has been needs to be just the should have call")
ADD = _words("add invite include")
USAGE = _words("help ? usage hilfe aide ayuda aiuto hjälp hjælp pomoc --help -h")
GREETINGS = _words(
    "hello hi hey thanks thank you thx ty ok okay cheers how does this work do i use it me"
)
LISTS = _words("list ls plays calls today next huddles meetings today's todays")
ASKS_FOR_LIST = LISTS | _words(
    "my call what what's whats do i have on is are show me the all upcoming there any which got for"
    " this week tomorrow planned coming up"
)
BEFORE_NAME = _words("the my call meeting with huddle for our")
# Words of other commands: nobody's account, and nothing that a card should be made of.
ELSEWHERE = _words(
    "status off on stop start nudges log export daily tip debrief forget settings test undo none"
    " new huddle"
)

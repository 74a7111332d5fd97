"""The words by which a statement is compared with its quote: what negates, opposes, is alike."""

from __future__ import annotations

from bot.text.stems import stem

# Words that negate what follows them in their clause.
NEGATORS = frozenset(
    """
    not no never nobody none nothing neither nor without avoid instead rather unless cannot cant
    dont doesnt didnt wont wouldnt shouldnt couldnt isnt arent wasnt werent havent hasnt hadnt
    neednt mustnt aint hardly seldom rarely scarcely unable
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list
)
# Of these, the ones that negate no further than “and”, and those that a new verb does not end.
BRIEF = frozenset("avoid instead rather".split())  # noqa: SIM905
SUBJECTS = frozenset("no nobody none nothing neither nor without".split())  # noqa: SIM905
MODALS = frozenset(
    "should would must will may might could can shall is are was were".split()  # noqa: SIM905
)
# Words that open a new clause, so that a negation before them no longer holds.
BORDERS = frozenset(
    """
    but because while although though if when unless until so which who whose since where as than
    then
    """.split()  # noqa: SIM905
)
# Words whose place in a sentence counts, by what they mark; and what else divides clauses.
MARKS = {
    word: line.split()[0]
    for line in """
before
after
until till
because since
although though
if when unless
whether
than
without
instead
""".strip().splitlines()
    for word in line.split()
}
JOINTS = frozenset(MARKS) | frozenset(
    "and or but so while where whenever which who whose that as then yet nor".split()  # noqa: SIM905
)
# Words that may stand anywhere in their clause.
FLOATING = frozenset(
    """
    often usually now again first early soon still also always never most better seldom rarely quite
    once
    """.split()  # noqa: SIM905
)
ABSOLUTES = frozenset(
    """
    always never every all only must guarantee guarantees guaranteed impossible certainly everybody
    everyone nobody none entirely completely definitely invariably whenever nothing everything
    """.split()  # noqa: SIM905
)
ABSOLUTE_KIN = ABSOLUTES | frozenset(
    "each any no anybody anyone anything whatever sure".split()  # noqa: SIM905
)

# Words that a statement may add without saying anything more.
GLUE = frozenset(
    stem(word)
    for word in """
    a about above according actually after again ahead all along also although am an and another
    any anybody anyone anything are as aside ask at away back be because been before being both
    but by
    can come could did do does doing done down during each either else even ever every everybody
    everyone everything for from further get give go goes had has have having he her here hers him
    his
    how however i if in into is it its itself just keep know let like make many may me might mine
    more
    most much must my myself nearly need of off often on once one ones onto or other others ought
    our
    ours out over own part per perhaps put quite rather really say says see set shall she should
    simply
    since so some somebody someone something somewhere still such sure take than that the their
    theirs
    them themselves then there these they thing things think this those though through thus till
    to too
    toward towards treat try under until up upon us use usual usually very want was way we well were
    what whatever when whenever where whether which while who whoever whole whom whose why will with
    within would yes yet you your yours yourself start begin author dave brock post ill youll
    theyll hell shell well
    youre theyre youve theyve id youd theyd thats whats heres bring tell look find check already
    next
    behave expect happen because enough regard mean means include including
    """.split()  # noqa: SIM905
)

# Of these, the ones that say who does what, so that their order counts.
VERBS = frozenset(
    stem(word)
    for word in """
    ask begin bring check find give go happen keep know let like look make mean need say see set
    show start take tell think try use want
    """.split()  # noqa: SIM905
)

# Pairs that turn a sentence round. Each line: words of one side / words of the other.
_OPPOSITES = """
more much most greater larger bigger increase grow rise raise / less least fewer fewest smaller
increase grow rise raise more / decrease shrink fall reduce lower
before beforehand prior earlier advance / after afterwards afterward later
early earlier soon sooner / late later
first start starts beginning begin begins / last end ends finish final
always often usually mostly frequently / never seldom rarely hardly sometimes
all every everybody everyone everything each / none nobody nothing few
many most / few some
much lot / little
large big / small little
long longer / short shorter brief
strong stronger strongest / weak weaker weakest
good better best / bad worse worst poor
high higher / low lower
fast faster quick quicker quickly / slow slower slowly
easy easier easily simple smoother / hard harder difficult hardest complex
open openly disclose admit reveal honest / hide hidden conceal silence silent secret quiet
win wins won gain gains winner / lose loses lost loss loser losing
active actively / passive passively
accept accepts accepted accepting / reject rejects rejected refuse refuses refused rejecting mind
keep keeps stay stays remain continue / leave leaves drop drops quit abandon
cheap cheaper / expensive costly
succeed succeeds success successful works / fail fails failure failed
same identical alike agree / different differ differs difference
acknowledge admit / ignore deny
less / equal least
inside internal / outside external
yes / no
right true correct / wrong false
happy pleased / unhappy angry
help improve lift / harm hurt damage drain strain
speak talk talks speaks / listen listens
present existing current / new future
past / future
near nearer close closer / far distant
wide widest / narrow narrowest
rich / poor
safe safer / risky riskier danger
relative / absolute
valued / devalued
comfortable / uncomfortable uneasy
able / unable
likely / unlikely
welcome / unwelcome
written / unwritten spoken
prepared / unprepared
experienced veteran / inexperienced beginner
fixed / variable
enough / insufficient
trust / suspicion
technical / nontechnical
front / behind
include includes / exclude excludes
respond / react
possible / impossible
public / private secret
join joins / split
tangible / intangible
lengthens lengthen / shortens shorten
attention / boredom bored
friend / enemy
praise praises / blame blames criticise
add adds / remove removes
problem / solution
customer client / supplier vendor
agree / disagree
allow permit / forbid prohibit ban
attract / repel deter
build create / destroy
calm / panic
continue / stop cease
clear plain / vague
deep depth / shallow
direct / indirect
encourage / discourage
full / empty
exact accurate / rough approximate
formal / informal
forward / backward
general / specific particular
guest / host
immediate / eventual
junior / senior
known / unknown
loud / quiet
maximum / minimum
required / optional
permanent / temporary
positive / negative
profit / loss
push / pull
rare / common
real / fake invented
reward / punish
save / waste spend
send / receive
separate separately / together joint
single / several multiple
steady / erratic
strict strictly / lenient
strength / weakness
support / oppose
tight / loose
top / bottom
up / down
upgrade / downgrade
worth / worthless
familiar / strange
forget / remember
learn / teach
arrive / leave
above / below
cancel / confirm
hire recruit / fire
expand / contract
follow / break
love like / hate
care / neglect
fair / unfair
advantage / disadvantage
attack / defend
advise recommend / discourage warn
promise / deny
careful / careless
sooner / later
own / foreign
""".strip()

# Words that say the same here. Each line is one group.
_SAME = """
customer client account buyer purchaser
prospect lead
salesperson salespeople seller rep sales
call meeting visit conversation
company firm business organisation organization
vendor supplier
technician engineer technical tech
colleague teammate peer
manager leader boss
chief executive ceo
quick fast swift speed
quickly fast soon immediate
at once immediately now right
discount reduction
plan agenda
write document record note
admit own acknowledge
mistake error fault
bug defect
fix repair correct mend resolve solve
improve better tune strengthen
begin start open
end close finish
stay remain keep
leave go move
quiet silent silence silently
speak talk say tell
ask question request
explain explanation tell
show demo demonstrate
hear listen
complain complaint
angry unhappy upset
happy content pleased
goal aim target objective
price cost
pay paid spend
money cash
value worth
useful valuable helpful
often frequently usually
seldom rarely hardly
big large great
small little short
hard difficult tough
easy simple
need want require requirement
give offer grant provide
agree agreed accept
decide decision choose choice
reject refuse
waste lose
reason cause why
result outcome
group team
people person staff employee
everybody everyone all every each
nobody none
reserve book block
beforehand advance before
afterwards after later
test try check
employee staff
hire recruit
training course
train teach learn
growth grow expand
habit routine
trouble problem issue
problem fault
feature function
gap shortcoming
compare contrast relate
match fit suit
likely probably
perhaps maybe may
excuse excuses
apology sorry apologise
review inspect
tired weary
bored boredom bore
opportunity deal sale
win gain get
sure certain
clear plain clearly plainly
honest open openly
exact accurate accurately
careful careful
look view see
consider think
use using used
follow obey
rule rules
important matter matters counts count
enough suffice sufficient
focus concentrate
step move task
goal aim
deep depth deeply
demand ask press squeeze
suspicion suspicious
celebrate celebrated
effort work
experienced veteran
competitor rival competition another
duty obligation must
incentive contest
prize reward
commission pay
written writing write
pace speed
workflow process
process procedure
cheaper less
different differently differ differs
same alike identical
calm patient
fix problem matter fixed
mistake mistakes
cut break split divide
hurry urgency urgent
earn profit
first initially
person people
weakness weak fault
basic simple
bring means
depend differ vary
stick persist
contact reach touch
""".strip()


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _OPPOSITES.splitlines():
        left, right = ({stem(word) for word in side.split()} for side in line.split("/"))
        for one, other in ((left, right), (right, left)):
            for word in one:
                found.setdefault(word, set()).update(other - one)
    return {word: frozenset(others) for word, others in found.items()}


def _same() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SAME.splitlines():
        group = {stem(word) for word in line.split()}
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}


def opposed(one: str, other: str) -> bool:
    """Whether two stems are opposites: by the list, or as “likely” and “unlikely” are."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    apart = len(shorter) > 3 and longer in {f + shorter for f in ("un", "in", "im", "non", "dis")}
    return apart or other in OPPOSITES.get(one, frozenset())


OPPOSITES = _opposites()
SAME = _same()

NUMBERS = {
    word: str(value)
    for value, names in {
        2: "two twice both double", 3: "three third triple thrice", 4: "four fourth",
        5: "five fifth", 6: "six sixth", 7: "seven seventh", 8: "eight eighth", 9: "nine ninth",
        10: "ten tenth", 11: "eleven", 12: "twelve dozen", 13: "thirteen", 14: "fourteen",
        15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen",
        20: "twenty", 30: "thirty", 40: "forty", 50: "fifty half", 60: "sixty", 70: "seventy",
        80: "eighty", 90: "ninety", 100: "hundred hundreds", 1000: "thousand thousands",
        1000000: "million millions", 1000000000: "billion billions", 25: "quarter",
    }.items()
    for word in names.split()
}  # fmt: skip
# What is counted or paid: a statement may not bring its own.
MEASURES = frozenset(
    """
    seconds minute minutes hour hours day days daily week weeks weekly month months monthly
    year years yearly annual decade decades quarter quarterly percent per cent euro euros dollar
    dollars
    pound pounds cent cents today tomorrow yesterday tonight morning afternoon evening noon
    """.split()  # noqa: SIM905
)

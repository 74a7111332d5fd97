"""A debrief form as it is shown, as it comes back, and what there is to say after it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from bot.calls.call import Call
from bot.debriefs.debrief import Debrief
from bot.debriefs.feedback import Feedback
from bot.debriefs.form import DebriefForm, FormQuestion
from bot.tips.tip import Tip

TAPS = {"yes": "Yes", "partly": "Partly", "no": "No"}  # what one tap says, by its button
ACCOUNT, WHEN = "account", "when"  # fields of a call that had no huddle


class OpenForm(NamedTuple):
    """A form as it is shown. `call` is None for one that had no huddle; then `account` is asked.

    `answers` are by question id; `more` are questions of other forms that were answered before.
    `zone` is the rep's, `now` in UTC. `why` is a sentence on how a typed line was read.
    """

    call: Call | None
    account: str
    form: DebriefForm
    kinds: Mapping[str, DebriefForm]
    more: tuple[FormQuestion, ...]
    answers: Mapping[str, str]
    zone: str
    now: datetime
    why: str = ""


class Filled(NamedTuple):
    """A form as it came back; `answers` hold what was asked, "" for a field left empty.

    `id` is the open form's own: one that is sent twice is the same form.
    """

    call_id: int | None
    form: str
    answers: Mapping[str, str]
    id: str = ""


class Kept(NamedTuple):
    """A debrief after it was saved. `first`: the rep had said nothing on this call before.

    `point_out`: the customer's step is missing, and this is the one time to say so. `today` is the
    date where the rep is. `feedback` is what a model wrote on it, for the rep alone.
    `handed_to` is the host that gets what is shared, besides the channel; "" for none.
    """

    call: Call
    debrief: Debrief
    answers: Mapping[str, str]
    tip: Tip | None = None
    first: bool = False
    point_out: bool = False
    today: date = date.min
    feedback: Feedback | None = None
    handed_to: str = ""

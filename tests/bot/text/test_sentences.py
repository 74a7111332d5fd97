"""Where sentences end, in the languages in which blogs are written."""

from __future__ import annotations

import pytest

from bot.text.sentences import sentences

WHOLE = [
    ("Ändern Sie nichts.", "Über den Preis reden wir später.", "Öffnen Sie das Fenster."),
    ("Am 3. März kam Hr. Vogt.", "Er blieb bis zum 2. Quartal, z. B. bei Regen."),
    ("Das half, d. h. es ging schneller.", "„Wer zahlt?“", "Er schwieg."),
    ("»Wer zahlt?«", "Er schwieg.", "Dann ging er."),
    ("Parlez du prix.", "« Combien ça coûte ? »", "À cette question, il répond."),
    ("¿Quién firma?", "Pregunte primero.", "Último paso: espere."),
    ("Спросите, кто платит.", "Потом ждите."),
    ("Ask Prof. Lind and Sen. Rowe of Oak Corp. Europe.", "We won in the top 10.", "Then rest."),
    ("I am 30.", "My boat is 12.", "Rest."),
]


@pytest.mark.parametrize("found", WHOLE, ids=lambda found: found[0])
def test_a_text_falls_into_its_whole_sentences(found: tuple[str, ...]) -> None:
    assert tuple(s.text for s in sentences(" ".join(found))) == found

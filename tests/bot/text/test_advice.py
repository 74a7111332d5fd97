"""Which sentences tell their reader what to do."""

from __future__ import annotations

import pytest

from bot.text.advice import ADVISES, advice


@pytest.mark.parametrize(
    "sentence",
    [
        "Bring the ladder to the first call.",
        "Never leave the gate open behind you.",
        "Don't paint a wet fence.",
        "When the buyer looks at the clock, stop talking.",
        "You should count the sheep before you sell the wool.",
        "So ask who keeps the key.",
        "The only remedy is to mend it the same day.",
        "It pays to walk the field first.",
        "Fragen Sie zuerst, wer den Schlüssel hat.",
        "Wenn der Kunde auf die Uhr sieht, schweigen Sie.",
        "Man sollte den Zaun nie im Regen streichen.",
        "Demandez d'abord qui a la clé.",
        "Ne peignez pas une clôture mouillée.",
        "Il faut compter les moutons avant de vendre la laine.",
    ],
)
def test_what_tells_somebody_what_to_do_is_advice(sentence: str) -> None:
    assert advice(sentence) >= ADVISES


@pytest.mark.parametrize(
    "sentence",
    [
        "The kitchen was cold and the tea was colder.",
        "I wrote it down on a ferry in the fog.",
        "My neighbour painted his fence on a Sunday.",
        "Calls are hard.",
        "Who keeps the key?",
        "She laughed, and we went home early.",
        "Hernandez counted the sheep at noon.",
        "Haben Sie den Schlüssel?",
        "Die Küche war kalt, und der Tee war kälter.",
        "Avez-vous la clé ?",
        "La cuisine était froide.",
    ],
)
def test_what_tells_a_tale_is_none(sentence: str) -> None:
    assert advice(sentence) < ADVISES

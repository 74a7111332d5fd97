"""A quote stands in its post word for word, and its sentence can be found again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import find_sentence, sentence_hash, sentences

prose = st.text(alphabet="aB .!?…\n“”'’1é\u00a0", max_size=200)


@given(prose)
def test_every_sentence_stands_in_its_text_and_they_do_not_overlap(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        assert sentence.text == sentence.text.strip()
        end = sentence.end


@given(prose)
def test_no_word_is_lost_between_sentences(text: str) -> None:
    kept = "".join(s.text for s in sentences(text))
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@given(prose)
def test_a_sentence_is_found_again_by_its_hash(text: str) -> None:
    for sentence in sentences(text):
        found = find_sentence(text, sentence.hash)
        assert found is not None
        assert found.hash == sentence.hash


def test_typography_does_not_change_a_hash() -> None:
    assert sentence_hash("Don’t “wait” — ask.") == sentence_hash('don\'t "wait" - ask')
    assert sentence_hash("Don't wait.") != sentence_hash("Do wait.")


def test_titles_and_initials_end_no_sentence() -> None:
    text = "Mr. Smith met J. Jones. They sold spares, oil etc. It held."
    assert [s.text for s in sentences(text)] == [
        "Mr. Smith met J. Jones.", "They sold spares, oil etc.", "It held."
    ]  # fmt: skip

"""Words, sentences and stems: how two texts are compared."""

# For others: advice, language, phrase_match, sentences, stems.

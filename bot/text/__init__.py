"""Words, sentences and stems: how two texts are compared."""

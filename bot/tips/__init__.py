"""One lesson and the sentence that it rests on; which one is next."""

"""Which language a text is in, as far as it matters: whether it is likely not to be English.

By words that no sentence does without. Short texts give a library too little to go by, and a name
or a product in another language is no reason to refuse an answer: so three such words are needed,
and more of them than of English ones.
"""

from __future__ import annotations

from bot.text.sentences import words

LEAST = 3  # words that are told apart, of one foreign language
_LATIN = 0x024F  # the last letter of the extended Latin alphabets

# The commonest function words of each; those that are common words of English, too, are left out.
_COMMON: dict[str, frozenset[str]] = {
    language: frozenset(text.split())
    for language, text in {
        "English": "the a an of to in is are was and or that this it for with on at by from as we"
        " they i you he she my our your their not no be have has had do does did but if when what"
        " how who why where which will would can could should them us me his her its there more"
        " want wants after before about into get got keep",
        "German": "der die das und ist nicht ein eine einen einem einer ich wir sie er es mit von"
        " zu auf für dass wie wer wann warum kein keine sind haben hat mein meine unser unsere"
        " dem den des im auch noch nur wenn aber oder kunde soll",
        "French": "le la les des du une est et que qui dans pour pas je nous vous ils elle mon ma"
        " mes notre nos avec sur ne sont comment quand pourquoi mais ou si cette ces au aux",
        "Spanish": "el la los las un una es y que en de por para con no se mi nuestro nuestra como"
        " cuando pero lo le les del al qué cómo más está quiere cliente su sus",
        "Portuguese": "o os as um uma é e que em de da do dos das por para com não meu minha nosso"
        " como quando mas ao na no nas nos você ele ela cliente seu sua quer mais",
        "Italian": "il lo la gli le un una è e che di del della per con non mi mio mia nostro come"
        " quando ma al alla nel cliente sono ho ha più vuole suo sua",
        "Dutch": "de het een en is niet ik wij we zij hij met van op voor dat die hoe wie waarom"
        " geen zijn heeft hebben mijn onze naar ook maar als klant wil",
        "Polish": "i w na nie się z do że jest to jak co czy mój nasz klient ale dla po od przez"
        " tylko już są ma chce",
    }.items()
}


def is_foreign(text: str) -> bool:
    """Whether a text is in another script, or in a language that is not English."""
    letters = [letter for letter in text if letter.isalpha()]
    if 2 * sum(ord(letter) > _LATIN for letter in letters) > len(letters):
        return True
    spoken = words(text)
    held = {name: sum(word in common for word in spoken) for name, common in _COMMON.items()}
    english = held.pop("English")
    return max(held.values()) >= LEAST and max(held.values()) > 2 * english

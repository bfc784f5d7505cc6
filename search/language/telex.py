"""Vietnamese typed in Telex on a keyboard without an input method: ``quyeets`` → ``quyết``."""

from __future__ import annotations

from corpus.fold import fold, nfc

_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True))
#: In the order in which they are replaced.
_LETTERS = (
    ("dd", "đ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("uow", "ươ"),
    ("ow", "ơ"),
    ("uw", "ư"),
)


def decoded(typed: str) -> str | None:
    """The syllable that *typed* stands for; None where it holds no Telex keys."""
    text, tone = typed.lower(), ""
    if len(text) > 2 and text[-1] in _TONES:
        text, tone = text[:-1], _TONES[text[-1]]
    for keys, letter in _LETTERS:
        text = text.replace(keys, letter)
    if tone:
        place = _tone_place(text)
        if place is None:
            return None
        text = text[: place + 1] + tone + text[place + 1 :]
    text = nfc(text)
    return text if text != typed else None


def _tone_place(syllable: str) -> int | None:
    """The index of the letter that carries the tone mark; None without a vowel."""
    begin = 2 if syllable.startswith(("qu", "gi")) and syllable[2:3].isalnum() else 0
    vowels = [i for i, char in enumerate(syllable) if i >= begin and fold(char) in "aeiouy"]
    if not vowels:
        return None
    accented = [i for i in vowels if syllable[i] in "âêôăơư"]
    if accented:
        return accented[-1]
    if len(vowels) == 1 or (vowels[-1] == len(syllable) - 1 and len(vowels) == 2):
        return vowels[0]
    return vowels[1]

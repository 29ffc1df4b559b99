"""Words that people write short by convention, and what they stand for. Ways to ask, not facts: nothing is recorded.

The counties are those of the Royal Mail's list of abbreviated postal counties, as everyday use has them too.
"""

_COUNTED = {
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
}
MEANINGS = {
    **_COUNTED,
    "n": "north",
    "e": "east",
    "s": "south",
    "w": "west",
    "gtr": "greater",
    "opcc": "pcc",
    "beds": "bedfordshire",
    "berks": "berkshire",
    "bucks": "buckinghamshire",
    "cambs": "cambridgeshire",
    "derbys": "derbyshire",
    "glos": "gloucestershire",
    "hants": "hampshire",
    "herts": "hertfordshire",
    "hunts": "huntingdonshire",
    "lancs": "lancashire",
    "leics": "leicestershire",
    "lincs": "lincolnshire",
    "middx": "middlesex",
    "mids": "midlands",
    "northants": "northamptonshire",
    "northd": "northumberland",
    "notts": "nottinghamshire",
    "oxon": "oxfordshire",
    "salop": "shropshire",
    "staffs": "staffordshire",
    "warks": "warwickshire",
    "wilts": "wiltshire",
    "worcs": "worcestershire",
    "yorks": "yorkshire",
}
"""What a folded word may also stand for. What is only the beginning of a word ("som", "glam") needs no line."""

PHRASES = {f"{sign}{short}": f"{word} force" for sign, word in _COUNTED.items() for short in ("f", "force")}
"""What is read as more words than one: "7F" and "7Force" are seven forces together."""

SYNONYMS = {"police": ("constabulary",), "constabulary": ("police",), "force": ("constabulary", "police")}
"""Words that are used for each other: a force is asked for as "police" that calls itself a constabulary."""

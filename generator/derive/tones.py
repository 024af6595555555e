"""One colour per value: the name of the colour of a genre or a format, the same on every page.

assets/src/css/shared/tones.css has the same colours; there vinyl is the ink of the theme.
"""

GREY = "other"
COLOURS = {
    "blues": "#4d64b4",
    "brass": "#8f5626",
    "children": "#b03a8c",
    "classical": "#7d5a3c",
    "electronic": "#c2480a",
    "folk": "#ad385f",
    "funk": "#1c7467",
    "hiphop": "#4d6f1d",
    "jazz": "#8a6200",
    "latin": "#b8342c",
    "nonmusic": "#706a61",
    "other": "#706a61",
    "pop": "#7a4a9e",
    "reggae": "#2c7a3c",
    "rock": "#33669f",
    "stage": "#4a6a86",
    "vinyl": "#17140f",
}

_TONES = {
    "genre": {
        "Blues": "blues",
        "Brass & Military": "brass",
        "Children's": "children",
        "Classical": "classical",
        "Electronic": "electronic",
        "Folk, World, & Country": "folk",
        "Funk / Soul": "funk",
        "Hip Hop": "hiphop",
        "Jazz": "jazz",
        "Latin": "latin",
        "Non-Music": "nonmusic",
        "Pop": "pop",
        "Reggae": "reggae",
        "Rock": "rock",
        "Stage & Screen": "stage",
    },
    "format": {
        "Vinyl": "vinyl",
        "CD": "rock",
        "CDr": "stage",
        "Cassette": "jazz",
        "File": "pop",
        "DVD": "funk",
        "Box Set": "folk",
        "Shellac": "classical",
        "Flexi-disc": "reggae",
        "Lathe Cut": "hiphop",
        "SACD": "blues",
        "Blu-ray": "children",
        "Reel-To-Reel": "brass",
        "8-Track Cartridge": "latin",
    },
}
_DECADES = (  # the 2000s first
    "rock funk hiphop stage classical latin jazz electronic folk pop".split()
)


def decade_tone(year: int) -> str:
    """The colour of a year's decade: neighbours differ."""
    return _DECADES[year // 10 % 10]


def tone(facet: str, value: str) -> str:
    """The colour of a value of the facet genre or format; "other" for one without its own."""
    return _TONES[facet].get(value, GREY)

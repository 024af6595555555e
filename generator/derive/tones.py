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
    "bluray": "#2a63b8",
    "boxset": "#9c3d6e",
    "cartridge": "#b33f3a",
    "cassette": "#a0522d",
    "cd": "#3f7391",
    "cdr": "#5c6f8f",
    "dvd": "#2f7a72",
    "file": "#6a5aa8",
    "flexi": "#3d7d4a",
    "lathe": "#5f7326",
    "reel": "#8a5a1c",
    "sacd": "#4f5fb0",
    "shellac": "#705c46",
    "vinyl": "#17140f",
    "decade0": "#2f6f95",
    "decade1": "#257a63",
    "decade2": "#5b6b1e",
    "decade3": "#5a5f9c",
    "decade4": "#86604c",
    "decade5": "#a8405f",
    "decade6": "#946018",
    "decade7": "#b04c22",
    "decade8": "#8b4690",
    "decade9": "#5e52b0",
}

TONES = {
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
        "CD": "cd",
        "CDr": "cdr",
        "Cassette": "cassette",
        "File": "file",
        "DVD": "dvd",
        "Box Set": "boxset",
        "Shellac": "shellac",
        "Flexi-disc": "flexi",
        "Lathe Cut": "lathe",
        "SACD": "sacd",
        "Blu-ray": "bluray",
        "Reel-To-Reel": "reel",
        "8-Track Cartridge": "cartridge",
    },
}
"""The name of the colour of each value, by facet."""


def decade_tone(year: int) -> str:
    """The colour of a year's decade: neighbours differ."""
    return f"decade{year // 10 % 10}"


def tone(facet: str, value: str) -> str:
    """The colour of a value of the facet genre or format; "other" for one without its own."""
    return TONES[facet].get(value, GREY)

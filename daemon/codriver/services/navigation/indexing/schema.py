"""The tables of the search index, and how what is looked for by words is written in them."""

from __future__ import annotations

from codriver.services.navigation.places import Kind

PLACES, SOUNDS = "places.sqlite", "sounds.sqlite"
"""The two files of an index."""

SCHEMA = """
    -- Places, streets and localities. A number begins with the cell that it lies in: see cells.py.
    CREATE TABLE place (
        number INTEGER PRIMARY KEY, osm INTEGER NOT NULL, kind INTEGER NOT NULL, category INTEGER,
        latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, name TEXT NOT NULL, names TEXT NOT NULL,
        street TEXT NOT NULL, house TEXT NOT NULL, city TEXT NOT NULL,
        hours TEXT NOT NULL, plugs TEXT NOT NULL, power REAL NOT NULL
    );
    CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE member (
        category INTEGER, place INTEGER, latitude INTEGER, longitude INTEGER, PRIMARY KEY (category, place)
    ) WITHOUT ROWID;
    -- Their words, folded. A word with a mark before it: see the marks below.
    CREATE VIRTUAL TABLE words USING fts5 (
        text, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '=@#'"
    );
    CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
    -- House numbers by street. A label may stand for several numbers; until is the last.
    CREATE TABLE address (
        street INTEGER, number INTEGER, until INTEGER, label TEXT, osm INTEGER, latitude INTEGER, longitude INTEGER,
        interpolated INTEGER, PRIMARY KEY (street, number, label, osm)
    ) WITHOUT ROWID;
    -- The course of streets, by the box around each part.
    CREATE VIRTUAL TABLE course USING rtree (part, south, north, west, east, +street INTEGER, +points BLOB);
    -- Where opening hours are to be read in which time, and with whose holidays.
    CREATE TABLE region (region INTEGER PRIMARY KEY, timezone TEXT NOT NULL, country TEXT NOT NULL);
"""

SOUND_SCHEMA = """
    -- How words and names sound, block by block of the earth; and which of a block have three consonants in common.
    CREATE TABLE sound (
        number INTEGER PRIMARY KEY, word TEXT NOT NULL, spelled TEXT NOT NULL, syllables TEXT NOT NULL,
        kinds INTEGER NOT NULL
    );
    CREATE TABLE gram (block INTEGER, gram TEXT, sounds BLOB, PRIMARY KEY (block, gram)) WITHOUT ROWID;
"""

WHOLE = "="
"""Before all words of a name, written together."""
AROUND = "@"
"""Before a word of the street or the city of a place."""
STREETS, LOCALITIES = "#s", "#l"
"""Words that every street, and every locality, has."""

KINDS = (Kind.PLACE, Kind.STREET, Kind.LOCALITY)
"""Kinds by the number that stands for them in the index."""

WORD_KIND = 8
"""In the kinds of a sound: it is a word of names, not a whole name. The others are 1 shifted by a kind's number."""

BLOCK_BITS = 16
"""Bits of a cell below its block: a block is 156 km by 78 km at the equator."""
SOUND_BITS = 32
"""Bits of a sound's number below its block."""
EVERYWHERE = 1 << 16
"""The block that has the localities of the whole map, beside those of its own."""
COUNT_OF_GRAMS = 63
"""Of a number in the list of a gram, the bits that say how many grams the sound has; the rest is the sound."""
REGION_BITS = 10
"""Bits of a cell below its region, in which all clocks are taken to show the same time: 20 km by 10 km."""

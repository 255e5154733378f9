"""The names that the parts of a DOCX file are written in, and the way down to an element."""

from __future__ import annotations

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
# The strict kind of the format calls the same things by another name.
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def w(name: str) -> str:
    """Return a name of the main part, with its space."""
    return f"{{{MAIN}}}{name}"


VALUE = w("val")
# A property with one of these values is switched off.
OFF = {"0", "false", "off"}
# No number of rows, columns or paragraphs has more digits, and one of thousands cannot be converted.
_LONGEST = 9


def inner(element: etree._Element, *path: str) -> etree._Element | None:
    """Return the first child of the first name, of that the first of the next, and so on; None where one is missing."""
    for name in path:
        element = next(element.iterchildren(name), None)
        if element is None:
            return None
    return element


def value_of(element: etree._Element | None) -> str:
    """Return the value of an element, nothing where there is none."""
    return "" if element is None else element.get(VALUE, "")


def whole_number(text: str, otherwise: int) -> int:
    """Return the number a value says, ``otherwise`` where it says none that could count."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST else otherwise

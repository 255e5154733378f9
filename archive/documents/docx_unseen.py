"""What the reader of a DOCX file does not see: struck out, hidden, deleted under change tracking, or for programs."""

from __future__ import annotations

from lxml import etree

from archive.documents.docx_names import OFF, VALUE, inner, w

# Text that was struck out or moved away under change tracking, fields' instructions, how a word is spoken and the copy
# for programs that cannot show a drawing.
_UNSEEN = (
    w("del"), w("moveFrom"), w("instrText"), w("delText"), w("rt"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)  # fmt: skip
# Nor are runs, rows, cells and controls seen that have one of these properties in theirs, unless it is switched off.
_RUN, _RUN_PROPERTIES = w("r"), w("rPr")
_HIDING = {
    w("strike"): (_RUN_PROPERTIES, _RUN),
    w("dstrike"): (_RUN_PROPERTIES, _RUN),
    w("vanish"): (_RUN_PROPERTIES, _RUN),
    w("del"): (w("trPr"), w("tr")),
    w("hidden"): (w("trPr"), w("tr")),
    w("cellDel"): (w("tcPr"), w("tc")),
    w("showingPlcHdr"): (w("sdtPr"), w("sdt")),  # nothing was filled in
}
_HIDING_TEXT = tuple(mark for mark, (properties, _) in _HIDING.items() if properties == _RUN_PROPERTIES)
# A mark in one of these speaks of what has the properties; it is not what was deleted.
_PROPERTIES = {_RUN_PROPERTIES, w("trPr"), w("tcPr"), w("pPr"), w("sdtPr")}


def take_out_unseen(body: etree._Element, styles: etree._Element | None) -> None:
    """Take out of a document's body what no reader sees; ``styles`` is its part with the styles, where it has one."""
    gone = []
    for element in body.iter(*_UNSEEN, *_HIDING):
        holder = element.getparent()
        if element.tag in _UNSEEN and holder.tag not in _PROPERTIES:
            gone.append(element)
        elif element.tag in _HIDING and _is_on(element):
            properties, owner = _HIDING[element.tag]
            around = holder.getparent()
            if holder.tag == properties and around is not None and around.tag == owner:
                gone.append(around)
    gone += _hidden_by_style(body, _hiding_styles(styles)) if styles is not None else []
    for element in gone:
        if element.getparent() is not None:
            element.getparent().remove(element)


def _hidden_by_style(body: etree._Element, hiding: set[str]) -> list[etree._Element]:
    """Return the runs that one of these styles, their own or their paragraph's, strikes out or hides."""
    if not hiding:
        return []
    found = []
    for run in body.iter(_RUN):
        named = inner(run, _RUN_PROPERTIES, w("rStyle"))
        paragraph = next(run.iterancestors(w("p")), None)
        around = inner(paragraph, w("pPr"), w("pStyle")) if paragraph is not None else None
        styled = {style.get(VALUE) for style in (named, around) if style is not None}
        if styled & hiding and not any(not _is_on(mark) for mark in _text_marks(run)):
            found.append(run)
    return found


def _hiding_styles(styles: etree._Element) -> set[str]:
    """Return the styles that strike out or hide what has them, by themselves or by the style they are based on."""
    if next(styles.iter(*_HIDING_TEXT), None) is None:
        return set()
    based: dict[str, str] = {}
    hiding: set[str] = set()
    for style in styles.iter(w("style")):
        name = style.get(w("styleId"), "")
        base = inner(style, w("basedOn"))
        based[name] = "" if base is None else base.get(VALUE, "")
        found = _text_marks(style)
        if any(map(_is_on, found)):
            hiding.add(name)
        elif found:
            based[name] = ""  # switched off again
    for name in based:
        above, seen = name, set()
        while above and above not in seen and above not in hiding:
            seen.add(above)
            above = based.get(above, "")
        if above in hiding:
            hiding |= seen
    return hiding


def _text_marks(element: etree._Element) -> list[etree._Element]:
    """Return the marks in an element's own properties that would hide its text."""
    properties = inner(element, _RUN_PROPERTIES)
    return [] if properties is None else list(properties.iterchildren(*_HIDING_TEXT))


def _is_on(mark: etree._Element) -> bool:
    return mark.get(VALUE) not in OFF

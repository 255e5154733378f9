"""What the reader of a DOCX file does not see: struck out, hidden, deleted under change tracking, or for programs."""

from __future__ import annotations

from lxml import etree

from archive.documents.docx_names import OFF, VALUE, w

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
# A mark in one of these speaks of what has the properties; it is not what was deleted.
_PROPERTIES = {_RUN_PROPERTIES, w("trPr"), w("tcPr"), w("pPr"), w("sdtPr")}


def take_out_unseen(body: etree._Element) -> None:
    """Take out of a document's body what no reader sees; what styles say is in its runs already."""
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
    for element in gone:
        if element.getparent() is not None:
            element.getparent().remove(element)


def _is_on(mark: etree._Element) -> bool:
    return mark.get(VALUE) not in OFF

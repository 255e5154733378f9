"""What the styles of a DOCX file say of how runs are read: struck out, hidden, raised."""

from __future__ import annotations

from lxml import etree

from archive.documents.docx_names import VALUE, inner, value_of, w

_RUN, _RUN_PROPERTIES = w("r"), w("rPr")
_TELLING = (w("strike"), w("dstrike"), w("vanish"), w("vertAlign"))


def apply_styles(body: etree._Element, styles: etree._Element) -> None:
    """Write into each run of a body what its style, or else its paragraph's, says and the run itself does not."""
    said = _said_by_style(styles)
    if not any(said.values()):
        return
    for run in body.iter(_RUN):
        paragraph = next(run.iterancestors(w("p")), None)
        around = None if paragraph is None else inner(paragraph, w("pPr"), w("pStyle"))
        for style in (inner(run, _RUN_PROPERTIES, w("rStyle")), around):
            _add(run, said.get(value_of(style), {}))


def _add(run: etree._Element, said: dict[str, str | None]) -> None:
    for name, value in said.items():
        properties = inner(run, _RUN_PROPERTIES)
        if properties is None:
            properties = etree.Element(_RUN_PROPERTIES)
            run.insert(0, properties)
        if inner(properties, name) is None:
            mark = etree.SubElement(properties, name)
            if value is not None:
                mark.set(VALUE, value)


def _said_by_style(styles: etree._Element) -> dict[str, dict[str, str | None]]:
    """Return the values of the telling properties of each style, its own before those of the style it is based on."""
    own: dict[str, dict[str, str | None]] = {}
    based: dict[str, str] = {}
    for style in styles.iter(w("style")):
        name, base, properties = style.get(w("styleId"), ""), inner(style, w("basedOn")), inner(style, _RUN_PROPERTIES)
        marks = () if properties is None else properties.iterchildren(*_TELLING)
        own[name] = {mark.tag: mark.get(VALUE) for mark in marks}
        based[name] = value_of(base)
    said: dict[str, dict[str, str | None]] = {}
    for name in own:
        chain: dict[str, None] = {}
        while name in own and name not in said and name not in chain:
            chain[name] = None
            name = based[name]
        known = said.get(name, {})
        for each in reversed(chain):
            said[each] = known = known | own[each]
    return said

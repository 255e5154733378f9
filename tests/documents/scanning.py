"""Makes scans of reports: printed by a browser, rasterised, then turned, blurred, soiled and compressed as scanners do."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from tests.forms import paper

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SANS = "'Noto Sans CJK SC'"
SONG = "'Liberation Serif', 'Noto Serif CJK SC'"
# What is printed where there is nothing to report, and how that is read.
EMPTY = {"": "blank", "/": "not_applicable", "-": "not_applicable"}


@dataclass(frozen=True)
class Print:
    """How a report is printed: fonts, the ruling lines' width and the table's text size and padding, in points."""

    font: str = SONG
    ruling: float = 0.75
    size: float = 9.0
    label_noise: bool = False
    body: str = ""
    padding: float = 3.0


@dataclass(frozen=True)
class Scanner:
    """What a scanner does to a page: dots an inch, degrees it is turned, blur and noise (of 255), JPEG quality, a seal.

    ``lay`` is how many quarters it lies turned on the glass, ``border`` the black margin around it in pixels, ``fax``
    what is lighter than white in black and white, of 255, and ``pepper`` the part of pixels that are then turned over.
    """

    dpi: int = 200
    turn: float = 0.0
    blur: float = 0.6
    noise: float = 6.0
    quality: int = 75
    uneven: float = 0.08
    seal: tuple[float, float] | None = None
    grey: bool = False
    lay: int = 0
    border: int = 0
    fax: int = 0
    pepper: float = 0.0


def random_values(
    source: random.Random, *, most: int = 400, blanks: float = 0.0, empty: str = ""
) -> dict[paper.Key, str]:
    """Random numbers for the form that add up as the form says they must; table 2 is left ``empty`` here and there."""
    values: dict[paper.Key, int] = {}
    applicants = [column for column, _ in paper.T3_COLUMNS[:-1]]
    rows = [row for row, _, _ in paper.T3_ROWS]
    results = rows[2:-2]

    def number() -> int:
        return source.choice([0, 0, 0, source.randint(1, 9), source.randint(1, 60), source.randint(1, most)])

    for column in applicants:
        for row in results:
            values["requests", row, column] = number()
        total = sum(values["requests", row, column] for row in results)
        values["requests", "results_total", column] = total
        values["requests", "carried_out", column] = left = number()
        values["requests", "carried_in", column] = before = source.randint(0, (total + left) // 4)
        values["requests", "new_received", column] = total + left - before
    for row in rows:
        values["requests", row, "total"] = sum(values["requests", row, column] for column in applicants)
    for group, _ in paper.T4_GROUPS:
        parts = {result: number() for result, _ in paper.T4_RESULTS[:-1]}
        values |= {("remedies", group, result): value for result, value in parts.items()}
        values["remedies", group, "total"] = sum(parts.values())
    texts = {key: str(value) for key, value in values.items()}
    keys = paper.keys()
    for key in keys:
        if key[0] == "active_disclosure":
            money = key[2] == "amount_10k_yuan"
            told = f"{source.randint(0, 99999) / 100:.2f}" if money and source.random() < 0.6 else str(number())
            texts[key] = empty if source.random() < blanks else told
    return {key: texts[key] for key in keys}


def report_html(values: dict[paper.Key, str], look: Print, source: random.Random) -> str:
    """A report of four pages or so, laid out as offices do it."""
    page = paper.page_html(values, paper.Noise(source, label_noise=look.label_noise), two="one", three="official",
                           four="official")  # fmt: skip
    style = f"""<style>@page {{ size: A4; margin: 20mm 18mm }}
        body {{ font-family: {look.font}; font-size: 14pt; line-height: 1.7 }}
        h1 {{ font-size: 20pt; text-align: center }} p {{ text-indent: 2em; margin: 4pt 0 }}
        table {{ border-collapse: collapse; width: 100%; font-size: {look.size}pt; line-height: 1.3; margin: 6pt 0 }}
        td {{ border: {look.ruling}pt solid #000; padding: {look.padding}pt; text-align: center }}
        tr {{ break-inside: avoid }}</style>"""
    page = page.replace("<p>五、存在", f"<p>{look.body}</p><p>五、存在") if look.body else page
    return page.replace("<head>", f"<head><meta charset='utf-8'>{style}")


def printed(browser: Browser, html: str) -> bytes:
    """Print a page as PDF."""
    page = browser.new_page()
    page.set_content(html)
    data = page.pdf(prefer_css_page_size=True)
    page.close()
    return data


def rasters(pdf: bytes, dpi: int) -> list[np.ndarray]:
    """The pages of a PDF as pictures, RGB."""
    file = pdfium.PdfDocument(pdf)
    return [page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[:, :, :3].copy() for page in file]


def scanned(picture: np.ndarray, how: Scanner, seed: int) -> np.ndarray:
    """What a scanner makes of a printed page."""
    random_source = np.random.default_rng(seed)
    high, wide = picture.shape[:2]
    if how.seal:
        x, y = int(how.seal[0] * wide), int(how.seal[1] * high)
        radius = int(0.079 * wide)
        stamp = picture.copy()
        cv2.circle(stamp, (x, y), radius, (215, 40, 45), max(2, wide // 300), cv2.LINE_AA)
        star = [
            (x + radius * 0.4 * (1 if i % 2 == 0 else 0.4) * np.sin(i * np.pi / 5),
             y - radius * 0.4 * (1 if i % 2 == 0 else 0.4) * np.cos(i * np.pi / 5)) for i in range(10)
        ]  # fmt: skip
        cv2.fillPoly(stamp, [np.array(star, np.int32)], (215, 40, 45), cv2.LINE_AA)
        picture = np.minimum(picture, stamp)
    middle = (wide / 2, high / 2)
    turned = cv2.warpAffine(picture, cv2.getRotationMatrix2D(middle, how.turn, 1.0), (wide, high),
                            flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))  # fmt: skip
    blurred = cv2.GaussianBlur(turned, (0, 0), how.blur) if how.blur else turned
    rows, columns = np.linspace(0, 1, high)[:, None, None], np.linspace(0, 1, wide)[None, :, None]
    light = 1 - how.uneven * (0.5 * rows + 0.5 * np.abs(columns - random_source.random()))
    soiled = blurred * light + random_source.normal(0, how.noise, (high, wide, 1))
    found = np.clip(soiled, 0, 255).astype(np.uint8)
    if how.grey:
        found = cv2.cvtColor(cv2.cvtColor(found, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if how.fax:
        black = (cv2.cvtColor(found, cv2.COLOR_RGB2GRAY) < how.fax) ^ (random_source.random((high, wide)) < how.pepper)
        found = np.repeat(np.where(black, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    if how.border:
        found[: how.border] = found[:, : how.border // 2] = found[-how.border // 3 :] = 0
    return np.ascontiguousarray(np.rot90(found, how.lay))


def as_file(picture: np.ndarray, kind: str, quality: int = 75) -> bytes:
    """Write a picture as a file of one of Pillow's kinds."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **({"quality": quality} if kind in ("JPEG", "WEBP") else {}))
    return buffer.getvalue()


def scan_pdf(pictures: Sequence[np.ndarray], quality: int = 75, dpi: int = 200) -> bytes:
    """A PDF of pictures, one a page, as scanners write it."""
    images = [Image.open(io.BytesIO(as_file(picture, "JPEG", quality))) for picture in pictures]
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=quality)
    return buffer.getvalue()


def judged(line: dict, values: dict[paper.Key, str]) -> list[tuple]:
    """Hold what was read against what was printed: for each cell ``right``, ``unread``, ``missing`` or ``wrong``.

    Returns (verdict, cell, printed, raw text read).
    """
    read = {(cell["table"], cell["row"], cell["column"]): cell for cell in line["cells"]}
    verdicts = []
    for key, printed_text in values.items():
        cell = read.get(key)
        if cell is None:
            verdict = "missing"
        elif cell["state"] == "unreadable":
            verdict = "unread"
        elif printed_text in EMPTY:
            verdict = "right" if cell["state"] == EMPTY[printed_text] else "wrong"
        else:
            verdict = "right" if cell["state"] == "number" and cell["value"] == float(printed_text) else "wrong"
        verdicts.append((verdict, key, printed_text, cell and cell["raw"]))
    strange = [("wrong", key, None, cell["raw"]) for key, cell in read.items() if key not in values]
    return verdicts + strange

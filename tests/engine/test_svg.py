"""The drawing on the server: what stands in it, and that nothing in a file can break out of it."""

import xml.etree.ElementTree as ET

import pytest

from routeflow.engine import svg
from routeflow.errors import Invalid
from support.bpmn import after, boundary, draw, end, exclusive, path, start, user

DIAGRAM = draw("p", start("s", name="Begin"), user("a", name="Voer gesprek"),
               boundary("t", "a", after("P1D"), interrupting=False),
               exclusive("g", default="g_e"), end("e"), end("f"), path("s > a > g"),
               path("g > f", "=x"), path("g > e"), path("t > f"))  # fmt: skip
PLACED = DIAGRAM.replace(
    b"</bpmn:definitions>",
    b'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">'
    b'<bpmndi:BPMNShape bpmnElement="a"><dc:Bounds x="100" y="80" width="120" height="80"/>'
    b"</bpmndi:BPMNShape>"
    b'<bpmndi:BPMNShape bpmnElement="weg"><dc:Bounds x="1" y="1" width="1" height="1"/>'
    b"</bpmndi:BPMNShape>"
    b'<bpmndi:BPMNShape bpmnElement="e"><dc:Bounds x="nan" y="1e999" width="-1" height="x"/>'
    b"</bpmndi:BPMNShape>"
    b'<bpmndi:BPMNEdge bpmnElement="s_a"><di:waypoint x="20" y="120"/><di:waypoint x="100" y="120"/>'
    b"</bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>",
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(data=PLACED, tokens=None, **options):
    return ET.fromstring(svg.render(data, tokens or {}, **options))  # noqa: S314 - our own output


def group(picture, ident):
    return next(part for part in picture.iter(f"{SVG}g") if part.get("data-element") == ident)


def test_a_shape_stands_where_the_file_puts_it():
    rect = group(drawn(), "a").find(f"{SVG}rect")
    assert [rect.get(name) for name in ("x", "y", "width", "height")] == ["100", "80", "120", "80"]


def test_the_picture_has_a_title_and_tells_who_is_to_move():
    picture = drawn(tokens={"a": "open"}, title="Brede intake")
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert title.text == "Brede intake"
    assert desc.text == "Voer gesprek: nu bezig"


@pytest.mark.parametrize("status", [*svg.STATUSES, "iets anders"])
def test_a_status_shows_as_a_mark_and_in_words(status):
    found = group(drawn(tokens={"a": status}), "a")
    words = svg.STATUSES.get(status, ("", status))[1]
    assert found.find(f"{SVG}title").text == f"Voer gesprek ({words})"
    assert found.get("data-status") == status
    assert any(part.get("class") == "bpmn-mark" for part in found.iter())


def test_a_flow_that_was_taken_is_marked():
    assert "bpmn-is-gedaan" in group(drawn(tokens={"s_a": "gedaan"}), "s_a").get("class")


def test_a_file_without_coordinates_is_laid_out_in_the_order_of_the_flow():
    picture = drawn(DIAGRAM)
    places = [
        float(group(picture, ident).find(f"{SVG}{tag}").get(key))
        for ident, tag, key in (("s", "circle", "cx"), ("a", "rect", "x"), ("e", "circle", "cx"))
    ]
    assert places == sorted(places)
    assert len(list(picture.iter(f"{SVG}polyline"))) == 5


def test_texts_of_a_file_cannot_become_markup():
    evil = "</text><script>alert(1)</script>"
    data = draw("p", start("s", name=evil), end(), path("s > e"))
    text = svg.render(data, {"s": '"><img src=x onerror=alert(1)>'}, title="<b>")
    assert "<script" not in text
    assert "<img" not in text
    assert "<b>" not in text


def test_the_picture_needs_no_inline_style_or_script():
    text = svg.render(PLACED, {"a": "open"})
    assert "style=" not in text
    assert "script" not in text


def test_a_file_that_is_no_xml_is_refused():
    with pytest.raises(Invalid):
        svg.render(b"<a", {})


def test_an_empty_drawing_is_still_a_picture():
    assert drawn(draw("p")).find(f"{SVG}title").text == "p"

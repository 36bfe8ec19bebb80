import pytest

from routeflow.engine.xml import MAX_ATTRIBUTES_EACH, safe_parse
from routeflow.errors import Invalid


@pytest.mark.parametrize(
    "data",
    [
        "<a>é</a>".encode(),
        "<a>é</a>".encode("utf-8-sig"),
        "<a>é</a>".encode("utf-16"),
        "<a>é</a>".encode("utf-16-le"),
        "<a>é</a>".encode("utf-16-be"),
        "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>".encode("latin-1"),
        "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16"),
        "<?xml version='1.0'?><!-- x --><?pi y?><a>é<!-- z --></a>".encode(),
    ],
)
def test_files_in_the_usual_encodings_are_read(data):
    assert safe_parse(data, file="a.bpmn").text == "é"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "leeg"),
        (b" \n ", "leeg"),
        (b"<a>\n<b></a>", r"geen geldige XML \(regel 2\)"),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b"<!-- x -->\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", r"DOCTYPE.*regel 2"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a/>".encode("utf-16"), "DOCTYPE"),
        (b"<a>\n&x;</a>", r"entiteit.*regel 2"),
        (b"<a>" * 201 + b"</a>" * 201, "200 lagen"),
        (b"<a>" * 50_000, "te diep"),
        (b"<?xml version='1.0' encoding='utf-7'?><a/>", "utf-7"),
        ("<a>é</a>".encode("latin-1"), "utf-8"),
        (b"<a>" + b"<b/>" * 2_100_000 + b"</a>", "te veel onderdelen"),
        (b"<a>" + b" " * (31 * 1024 * 1024) + b"</a>", "groter dan 30 MB"),
        (b"<a>\x00</a>", "geen geldige XML"),
    ],
)
def test_a_file_that_is_not_safe_is_refused_in_a_sentence(data, reason):
    with pytest.raises(Invalid, match=reason) as refusal:
        safe_parse(data, file="a.dmn")
    assert refusal.value.fouten["a.dmn"].startswith("a.dmn kan niet worden gelezen: ")


def test_line_numbers_are_those_of_the_file():
    root = safe_parse(b"<?xml version='1.0'\n encoding='utf-8'?>\n<a>\n<b/></a>", file="a.bpmn")
    assert (root.sourceline, root[0].sourceline) == (3, 4)


@pytest.mark.parametrize("number", [MAX_ATTRIBUTES_EACH, 600_000])
def test_a_tag_has_no_more_attributes_than_can_be_read_in_time(number):
    data = "".join(["<a", *(f" a{i}='1'" for i in range(number)), "/>"]).encode()
    if number <= MAX_ATTRIBUTES_EACH:
        assert len(safe_parse(data, file="a.bpmn").attrib) == number
    else:
        with pytest.raises(Invalid, match="meer dan 500 attributen"):
            safe_parse(data, file="a.bpmn")


def test_a_tag_that_repeats_an_attribute_very_often_is_refused():
    with pytest.raises(Invalid, match="geen geldige XML"):
        safe_parse(b"<a" + b" xmlns:a='u'" * 600_000 + b"/>", file="a.bpmn")

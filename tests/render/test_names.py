"""What an order line is called on pages and lists."""

import pytest

from fong.render.view import OrderRow


@pytest.mark.parametrize(
    ("item", "description", "colour", "size", "product"),
    [
        ("7101-CAM", "crew neck · camel", "camel", "M", "7101-CAM · crew neck · camel M"),
        ("7101-CAM", "crew neck", "camel", "M", "7101-CAM · crew neck camel M"),
        ("P-1", "", "", "", "P-1"),
        ("", "", "red", "", "red"),
    ],
)
def test_a_colour_is_told_once(item: str, description: str, colour: str, size: str, product: str) -> None:
    """Item, what it is called, colour and size; a colour that the name holds already is left out."""
    row = OrderRow(label="1", order="1", item=item, description=description, colour=colour, size=size)
    assert row.product == product

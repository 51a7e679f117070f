"""Small files in the shape of another system's export, and a map for them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = "SRNumber CreatedDate UpdatedDate Owner RequestType Status RequestSource ClosedDate".split()
HEADER += ["Address", "Latitude", "Longitude", "NCName", "Place"]

# One row of each kind; what a row does not say comes from the first.
USUAL = {
    "SRNumber": "1-870000001",
    "CreatedDate": "12/31/2017 11:59:58 PM",
    "UpdatedDate": "04/09/2018 09:25:28 AM",
    "Owner": "BOS",
    "RequestType": "Bulky Items",
    "Status": "Closed",
    "RequestSource": "Call",
    "ClosedDate": "01/05/2018 09:18:35 AM",
    "Address": "2111 W BELLEVUE AVE, 90026",
    "Latitude": "34.073216645",
    "Longitude": "-118.266861909",
    "NCName": "GREATER ECHO PARK",
    "Place": "",
}

MAP = """
source = "LA311"
time_zone = "America/Los_Angeles"
time_formats = ["%m/%d/%Y %I:%M:%S %p"]
area = "C1"
default_unit = "历史其他部门"
promised_hours = 100

[columns]
number = "SRNumber"
reported_at = "CreatedDate"
updated_at = "UpdatedDate"
closed_at = "ClosedDate"
category = "RequestType"
unit = "Owner"
status = "Status"
channel = "RequestSource"
address = "Address"
latitude = "Latitude"
longitude = "Longitude"
area = "Place"
text = ["RequestType", "NCName"]

[states]
Closed = "closed"
Cancelled = "withdrawn"
Open = "accepted"
Sent = "dispatched"

[categories]
"Bulky Items" = "大件垃圾"

[units]
BOS = "演示环卫局"

[areas]
Faraway = "C3"
"""


def row(number: int, **changes: str) -> dict[str, str]:
    """A closed row with its own number, changed as named."""
    return USUAL | {"SRNumber": f"1-87000{number:04d}"} | changes


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as the city does: comma, quotes where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: list[dict[str, Any]], header: Sequence[str] = HEADER) -> Path:
    """Write rows as a real workbook."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for place, cells in enumerate([dict(zip(header, header, strict=True)), *rows]):
            for column, name in enumerate(header):
                value = cells.get(name, "")
                if hasattr(value, "year"):
                    sheet.write_datetime(place, column, value, day)
                else:
                    sheet.write(place, column, value)
    return path


def write_map(path: Path, text: str = MAP) -> Path:
    """Write a map."""
    path.write_text(text, encoding="utf-8")
    return path

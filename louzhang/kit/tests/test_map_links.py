from urllib.parse import parse_qs, urlsplit

from louzhang.kit.map_links import map_links

TIANANMEN = (116.404, 39.915)


def asked(label: str, name: str = "12号楼") -> dict[str, str]:
    url = next(link.url for link in map_links(*TIANANMEN, name) if link.label == label)
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def test_each_map_gets_the_published_position_of_its_own_datum():
    assert asked("高德地图")["position"] == "116.410244,39.916404"
    assert asked("百度地图")["location"] == "39.922700,116.416627"
    assert asked("腾讯地图")["marker"].startswith("coord:39.916404,116.410244;")
    assert (asked("高德地图")["coordinate"], asked("百度地图")["coord_type"]) == ("gaode", "bd09ll")


def test_the_name_of_the_place_cannot_change_what_is_asked():
    name = "3号楼&location=0,0;title:别处|#"
    assert asked("百度地图", name)["title"] == name
    assert asked("高德地图", name)["position"] == "116.410244,39.916404"
    mark = asked("腾讯地图", name)["marker"]
    assert mark.count(";") == 2
    assert mark.count("title:") == 1

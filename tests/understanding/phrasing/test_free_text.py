"""Names and addresses in sentences: taken as they were said, and only where a sentence really holds one."""

from __future__ import annotations

import time

import pytest
from codriver.catalogue.model import LONGEST_TEXT
from codriver.understanding.phrasing.free_text import FreeTexts
from codriver.understanding.phrasing.templates import Templates


@pytest.fixture(scope="module")
def texts(templates: Templates) -> FreeTexts:
    return templates.texts


@pytest.mark.parametrize(
    ("said", "intent", "arguments"),
    [
        ("Take me to the nearest charging station", "navigate_to", {"rank": "nearest", "place": "charging station"}),
        ("Could you please navigate to Café Ekberg?", "navigate_to", {"place": "Café Ekberg"}),
        ("Drive me to Ten Downing Street, please", "navigate_to", {"place": "Ten Downing Street"}),
        ("Navigate to Mannerheimintie 10, Helsinki.", "navigate_to", {"place": "Mannerheimintie 10, Helsinki"}),
        (
            "take us to a hotel avoiding motorways",
            "navigate_to",
            {"place": "hotel", "avoid": "motorways"},
        ),
        ("is there a petrol station nearby", "find_place", {"place": "petrol station"}),
        ("Where's the closest pharmacy that's open now?", "find_place", {"rank": "nearest", "place": "pharmacy"}),
        ("find a toilet along the way", "find_place", {"place": "toilet", "along": "on"}),
        ("add a stop at the Old Mill", "add_stop", {"place": "Old Mill"}),
        ("stop at a bakery on the way", "add_stop", {"place": "bakery", "along": "on"}),
        ("how far is it to Turku", "distance_to", {"place": "Turku"}),
        ("导航到最近的充电站", "navigate_to", {"rank": "nearest", "place": "充电站"}),
        ("带我去Stockmann Herkku", "navigate_to", {"place": "Stockmann Herkku"}),
        ("导航去酒吧", "navigate_to", {"place": "酒吧"}),
        ("請帶我去火車站吧", "navigate_to", {"place": "火车站"}),
        ("附近有加油站吗", "find_place", {"place": "加油站"}),
        ("路上有没有超市", "find_place", {"place": "超市", "along": "on"}),
        ("顺路去一下花店", "add_stop", {"place": "花店"}),
        ("到机场还有多远", "distance_to", {"place": "机场"}),
        ("附近哪有烩面馆", "find_place", {"place": "烩面馆"}),
        ("导航去 Hard Rock 咖啡", "navigate_to", {"place": "Hard Rock 咖啡"}),
        ("导航去五道口 地铁站", "navigate_to", {"place": "五道口 地铁站"}),
        ("导航去现在书店", "navigate_to", {"place": "现在书店"}),
        ("导航去有点意思餐厅", "navigate_to", {"place": "有点意思餐厅"}),
    ],
)
def test_a_name_is_taken_as_it_was_said(texts: FreeTexts, said: str, intent: str, arguments: dict[str, str]) -> None:
    found = texts.best(said, "en" if said.isascii() or "é" in said else "zh")
    assert found is not None
    assert found.call.intent == intent
    assert arguments.items() <= found.call.arguments.items()


def test_a_template_that_was_misheard_is_found_by_its_sound_and_the_name_stays_as_heard(texts: FreeTexts) -> None:
    found = texts.best("刀行到最近的重电站", "zh")
    assert found is not None
    assert found.call.arguments == {"rank": "nearest", "place": "重电站"}


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("take me to it", "en"),
        ("take me there", "en"),
        ("navigate to the", "en"),
        ("tomorrow", "en"),
        ("take me tomorrow", "en"),
        ("the nearest", "en"),
        ("导航到那里", "zh"),
        ("导航别说话了", "zh"),
        ("带我去", "zh"),
        ("take me to ...", "en"),
        ("find the nearest fast charger, and meanwhile go eco", "en"),
        ("add a stop at Costa then tell me the new arrival time", "en"),
        ("导航声音关了，娃睡着了", "zh"),
        ("导航退了吧这路我熟", "zh"),
        ("导航先别说话了", "zh"),
        ("导航语音先静音", "zh"),
        ("导航现在是导到哪儿去的", "zh"),
        ("前面有点黑", "zh"),
        ("导航去天河客运站 冷气再低四度啦", "zh"),
        ("附近有没有停车场也帮我看看", "zh"),
    ],
)
def test_what_names_nothing_is_no_text(texts: FreeTexts, said: str, language: str) -> None:
    assert texts.best(said, language) is None


def test_a_text_is_no_longer_than_names_are(texts: FreeTexts) -> None:
    name = "Llanfairpwllgwyngyll" * 3
    assert len(name) == LONGEST_TEXT
    assert texts.best(f"take me to {name}", "en")
    assert texts.best(f"take me to {name}x", "en") is None


@pytest.mark.parametrize("said", ["take me to " + "a " * 5000, "导航到" + "长" * 10_000, "add " * 2500, "[" * 10_000])
def test_ten_thousand_characters_are_no_name_and_take_no_time(texts: FreeTexts, said: str) -> None:
    start = time.process_time()
    assert texts.best(said, "en" if said.isascii() else "zh") is None
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE place; --", 'NEAR("a" "b", 5)', "{place} {0.__class__}", "<b>hi</b>", "名字\\1(?P<x>)"]
)
def test_what_would_mean_something_to_a_machine_is_a_name_like_any_other(texts: FreeTexts, name: str) -> None:
    found = texts.best(f"take me to {name}", "en")
    assert found is None or str(found.call.arguments["place"]) in name


def test_the_plain_templates_come_first(texts: FreeTexts, templates: Templates) -> None:
    for said in ("go to sport mode", "take me there", "how far is it", "open the window", "next song"):
        assert templates.understand(said, "en")


def test_hints_find_the_text_of_a_sentence_that_is_known_to_mean_an_intent(texts: FreeTexts) -> None:
    assert texts.best("I could do with a coffee", "en") is None
    assert texts.within("find_place", "I could do with a coffee", "en") == {"place": "coffee"}
    assert texts.within("find_place", "my feet hurt", "en") == {}
    assert texts.within("navigate_to", "My hotel is the Kämp, that's where I need to be", "en") == {"place": "Kämp"}
    assert texts.within("navigate_to", "演出快开始了，赶紧送我们去歌剧院", "zh") == {"place": "歌剧院"}


@pytest.mark.parametrize(
    ("said", "language", "given"),
    [
        ("to the nearest pharmacy", "en", {"rank": "nearest", "place": "pharmacy"}),
        ("Mannerheimintie 10", "en", {"place": "Mannerheimintie 10"}),
        ("去机场", "zh", {"place": "机场"}),
        ("机场吧", "zh", {"place": "机场"}),
    ],
)
def test_an_answer_to_where_to_is_the_name(texts: FreeTexts, said: str, language: str, given: dict[str, str]) -> None:
    assert texts.supplied("navigate_to", said, language) == given

"""How a turn grows with the catalogue: the same sentences with 500 intents and with 50 of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import islice, product
from statistics import median

import numpy as np

from codriver.catalogue.model import Answers, Catalogue, Choice, Intent, Parameter, Safety
from codriver.catalogue.phrases import Phrasing
from codriver.catalogue.vocabulary import Vocabulary
from codriver.turn import Context, IntentCall
from codriver.understanding.likeness.recall import Recall
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.understander import Understander
from codriver.workshop.bench.rows import Row

FEW, MANY, MOST_TIMES_AS_LONG = 50, 500, 1.3
_ROUNDS = 5
_DIMENSION = 1536
_CLASSES_PER_INTENT = 3

_PLACES = (
    ("garden", "花园"), ("kitchen", "厨房"), ("garage", "车库"), ("balcony", "阳台"), ("office", "书房"),
    ("cellar", "地下室"), ("attic", "阁楼"), ("hallway", "走廊"), ("porch", "门廊"), ("workshop", "工房"),
    ("nursery", "婴儿房"), ("trailer", "拖车"), ("camper", "房车"), ("terrace", "露台"), ("studio", "画室"),
    ("laundry", "洗衣房"), ("pantry", "储藏室"), ("library", "图书室"), ("stable", "马厩"), ("greenhouse", "温室"),
)  # fmt: skip
_DEVICES = (
    ("lamp", "台灯"), ("kettle", "水壶"), ("speaker", "音箱"), ("blind", "百叶帘"), ("heater", "暖炉"),
    ("humidifier", "加湿器"), ("camera", "摄像机"), ("fountain", "喷泉"), ("oven", "烤箱"), ("projector", "投影仪"),
    ("purifier", "净化器"), ("pump", "水泵"), ("freezer", "冰柜"), ("gate", "栅栏"), ("sprinkler", "洒水器"),
    ("doorbell", "门铃"), ("printer", "打印机"), ("dryer", "烘干机"), ("router", "路由器"), ("curtain", "帘子"),
    ("mixer", "搅拌机"), ("toaster", "面包机"), ("aquarium", "鱼缸"), ("charger", "充电器"), ("lantern", "灯笼"),
)  # fmt: skip


def made_catalogue(vocabulary: Vocabulary, count: int) -> Catalogue:
    """Make a catalogue of so many intents (500 at most), in English and Chinese; a smaller one begins a larger one."""
    names = islice(product(_DEVICES, _PLACES), count)
    intents = {f"{place[0]}_{device[0]}": _intent(place, device) for device, place in names}
    return Catalogue(vocabulary=vocabulary, intents=intents)


def _intent(place: tuple[str, str], device: tuple[str, str]) -> Intent:
    noun, chinese = f"{place[0]} {device[0]}", f"{place[1]}的{device[1]}"
    modes = {"quiet": ("quiet|silent", "安静"), "strong": ("strong|powerful", "强力"), "dry": ("dry", "干燥")}
    on, off = {"state": "on"}, {"state": "off"}
    return Intent(
        description=f"Control the {noun}.",
        safety=Safety.COMFORT,
        parameters={
            "state": Parameter(type="switch"),
            "level": Parameter(type="integer", minimum=0, maximum=100),
            "zone": Parameter(type="zone"),
            "mode": Parameter(
                type="enum",
                values={name: Choice(said={"en": (f"({en})",), "zh": (zh,)}) for name, (en, zh) in modes.items()},
            ),
        },
        sentences={
            "en": (
                Phrasing(say=(f"(turn|switch) on <the> {noun} <at_zone>", f"(turn|switch) <the> {noun} on"), given=on),
                Phrasing(say=(f"(turn|switch) off <the> {noun} <at_zone>", f"[the] {noun} off"), given=off),
                Phrasing(say=(f"<set> <the> {noun} [level] to {{level}} [%|degrees]",), given={}),
                Phrasing(say=(f"[put|set] <the> {noun} [(to|in|on)] {{mode}} [mode]",), given={}),
                Phrasing(say=(f"[the] {{zone}} {noun} (on|up)",), given=on),
            ),
            "zh": (
                Phrasing(say=(f"(打开|开启){chinese}", f"(把|将){chinese}打开[一下]"), given=on),
                Phrasing(say=(f"(关闭|关掉){chinese}", f"(把|将){chinese}关[掉|上]"), given=off),
                Phrasing(say=(f"[把|将]{chinese}(调到|设为){{level}}[%|度|档]",), given={}),
                Phrasing(say=(f"{chinese}[切换到|用]{{mode}}[模式]",), given={}),
                Phrasing(say=(f"{{zone}}[的]{chinese}(打开|开)",), given=on),
            ),
        },
        examples={
            "en": (Phrasing(say=(f"I would rather have the {noun} running",), given=on),),
            "zh": (Phrasing(say=(f"最好让{chinese}开始工作",), given=on),),
        },
        topic={"en": noun, "zh": chinese},
        answers={code: Answers(done=("OK",)) for code in ("en", "zh")},
    )


def sentences() -> Iterator[tuple[str, str]]:
    """Give sentences with their language: wishes that the smallest catalogue knows, pairs of them, and other talk."""
    for (device, apparatus), (place, where) in islice(product(_DEVICES, _PLACES), 0, FEW, 5):
        noun, chinese = f"{place} {device}", f"{where}的{apparatus}"
        yield from (
            (f"Could you turn on the {noun} for the driver, please?", "en"),
            (f"set the {noun} to forty percent", "en"),
            (f"switch the {noun} on and set the {noun} to strong mode", "en"),
            (f"I wonder who invented the {noun}", "en"),
            (f"请打开{chinese}", "zh"),
            (f"把{chinese}调到四十度", "zh"),
            (f"关掉{chinese}，然后副驾的{chinese}打开", "zh"),
            (f"{chinese}是谁发明的呀", "zh"),
        )


def growth_row(vocabulary: Vocabulary) -> Row:
    """Time understanding by template with both catalogues, sentence by sentence in turn."""
    catalogues = {count: made_catalogue(vocabulary, count) for count in (MANY, FEW)}
    understanders = {
        count: Understander(catalogue, Templates(catalogue), None, None) for count, catalogue in catalogues.items()
    }
    many, few = asyncio.run(_understood(understanders[MANY], understanders[FEW]))
    ours, naive = median(many), median(few)
    recalled = [_recalling(catalogue) for catalogue in catalogues.values()]
    note = (
        f"ours has {MANY} intents, naive {FEW}; medians of {len(few)} sentences in turn; likeness to examples, "
        f"once a sentence is embedded: {recalled[0] * 1000:.2f} and {recalled[1] * 1000:.2f} ms"
    )
    return Row(
        "turn_500", "a turn by template with 500 intents against 50", ours * 1000, naive * 1000, "ms", naive / ours,
        f"at most {MOST_TIMES_AS_LONG:g} times as long", ours <= MOST_TIMES_AS_LONG * naive, note,
    )  # fmt: skip


async def _understood(many: Understander, few: Understander) -> tuple[list[float], list[float]]:
    """Seconds that each sentence takes with either: the median of some rounds, which follow one another by turns."""
    spans: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    for _ in range(_ROUNDS):
        for said in sentences():
            for understander, found in zip((many, few), spans.setdefault(said, ([], [])), strict=True):
                begun = time.perf_counter()
                await understander.understand(*said, Context())
                found.append(time.perf_counter() - begun)
    return [median(both[0]) for both in spans.values()], [median(both[1]) for both in spans.values()]


def _recalling(catalogue: Catalogue) -> float:
    """Seconds that the classifier takes for one embedding; what it has learnt does not change that."""
    calls: Sequence[IntentCall | None] = [
        IntentCall(name, {"mode": str(kind)}) for name in catalogue.intents for kind in range(_CLASSES_PER_INTENT)
    ]
    chance = np.random.default_rng(1)
    recall = Recall.fit(chance.normal(0, 1, (len(calls), _DIMENSION)).astype(np.float32), calls)
    spans = []
    for vector in chance.normal(0, 1, (20, _DIMENSION)).astype(np.float32):
        begun = time.perf_counter()
        recall.recall(vector)
        spans.append(time.perf_counter() - begun)
    return median(spans)

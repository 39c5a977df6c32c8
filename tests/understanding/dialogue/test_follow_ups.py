"""Sentences that mean something only after what was done before, in both languages."""

from __future__ import annotations

import pytest
from codriver.catalogue import Catalogue
from codriver.turn import Argument, Change, Context, IntentCall, Outcome, Source, Status, Understanding, Wish
from codriver.understanding.dialogue.follow_ups import Follower
from codriver.understanding.phrasing.templates import Templates

type Case = tuple[IntentCall, str, str, str, dict[str, Argument]]


def call(intent: str, **arguments: Argument) -> IntentCall:
    return IntentCall(intent, arguments)


WINDOW = call("open_window", zone="driver")
REAR_WINDOW = call("open_window", zone="rear_left")
TEMPERATURE = call("set_temperature", temperature=22, zone="driver")
WARMER = call("make_warmer", zone="driver")
LOUDER = call("change_volume", direction="up")
QUIETER = call("change_volume", direction="down")
LESS_AIR = call("adjust_fan", direction="down")
SEAT = call("seat_heating", level="medium", zone="driver")
SEAT_OFF = call("seat_heating", level="off", zone="driver")
PASSENGER_SEAT = call("seat_heating", level="medium", zone="passenger")
VENTILATION = call("seat_ventilation", level="low", zone="driver")
SUNROOF = call("open_sunroof")
LESS_ROOF = call("adjust_sunroof", direction="closed")
ALL_FANS = call("set_fan_speed", percent=30, zone="all")
BOOT = call("open_boot")
TRACK = call("next_track")

POSITION = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
CELSIUS = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"


def after(*calls: IntentCall, status: Status = Status.DONE, changes: tuple[Change, ...] = ()) -> Context:
    return Context(turns=(tuple(Outcome(each, status, changes=changes) for each in calls),))


def calls_of(found: Understanding | None) -> tuple[IntentCall, ...]:
    return found.calls if found else ()


# What the car is to do now

FOLLOW_UPS: list[Case] = [
    # the same for another place
    (WINDOW, "en", "the other side too", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "and the passenger window", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "And the back ones too.", "open_window", {"zone": "rear"}),
    (WINDOW, "en", "same for the passenger", "open_window", {"zone": "passenger"}),
    (REAR_WINDOW, "en", "the other side as well", "open_window", {"zone": "rear_right"}),
    (TEMPERATURE, "en", "same in the back", "set_temperature", {"temperature": 22, "zone": "rear"}),
    (SEAT, "en", "and the passenger", "seat_heating", {"level": "medium", "zone": "passenger"}),
    (LESS_AIR, "en", "still too much", "adjust_fan", {"direction": "down"}),
    (LESS_AIR, "en", "that's still way too strong", "adjust_fan", {"direction": "down"}),
    (QUIETER, "zh", "还是响", "change_volume", {"direction": "down"}),
    (QUIETER, "zh", "还是有点吵", "change_volume", {"direction": "down"}),
    (LOUDER, "zh", "还是有点小", "change_volume", {"direction": "up"}),
    (TEMPERATURE, "en", "mine to nineteen degrees", "set_temperature", {"temperature": 19, "zone": "speaker"}),
    (WINDOW, "zh", "副驾也一样", "open_window", {"zone": "passenger"}),
    (WINDOW, "zh", "后排呢", "open_window", {"zone": "rear"}),
    (WINDOW, "zh", "右边的也打开", "open_window", {"zone": "passenger"}),
    (REAR_WINDOW, "zh", "后面另外一个也打开", "open_window", {"zone": "rear_right"}),
    (REAR_WINDOW, "zh", "另一边也打开", "open_window", {"zone": "rear_right"}),
    (TEMPERATURE, "zh", "副駕也一樣", "set_temperature", {"temperature": 22, "zone": "passenger"}),
    # another value
    (TEMPERATURE, "en", "make it twenty three", "set_temperature", {"temperature": 23, "zone": "driver"}),
    (TEMPERATURE, "en", "23 instead", "set_temperature", {"temperature": 23, "zone": "driver"}),
    (WARMER, "en", "make it 22", "set_temperature", {"temperature": 22, "zone": "driver"}),
    (LOUDER, "en", "to 30 percent", "set_volume", {"percent": 30}),
    (WINDOW, "en", "halfway", "set_window_position", {"position": 50, "zone": "driver"}),
    # how much, and whose it is
    (WARMER, "zh", "再来三度", "make_warmer", {"amount": 3, "zone": "driver"}),
    (ALL_FANS, "en", "fifty for me", "set_fan_speed", {"percent": 50, "zone": "speaker"}),
    # to the end of the way on which it is
    (LESS_ROOF, "en", "all the way", "close_sunroof", {}),
    (WINDOW, "en", "all the way", "set_window_position", {"position": 100, "zone": "driver"}),
    (call("close_window", zone="driver"), "en", "all the way please", "close_window", {"zone": "driver"}),
    (LESS_ROOF, "zh", "到底", "close_sunroof", {}),
    (WARMER, "en", "all the way", "set_temperature", {"temperature": 28, "zone": "driver"}),
    (call("make_cooler", zone="driver"), "zh", "到底", "set_temperature", {"temperature": 16, "zone": "driver"}),
    (call("set_volume", percent=20), "en", "all the way", "set_volume", {"percent": 100}),
    (
        call("seat_heating", level="off", zone="driver"),
        "zh",
        "彻底",
        "seat_heating",
        {"level": "off", "zone": "driver"},
    ),
    (call("make_cooler", zone="driver"), "zh", "再加两度", "make_warmer", {"amount": 2, "zone": "driver"}),
    (LESS_AIR, "zh", "再加一档", "adjust_fan", {"direction": "up"}),
    (SUNROOF, "en", "just half of it", "open_sunroof", {"position": 50}),
    (TEMPERATURE, "zh", "改成二十三度", "set_temperature", {"temperature": 23, "zone": "driver"}),
    (WINDOW, "zh", "开一半", "set_window_position", {"position": 50, "zone": "driver"}),
    (SUNROOF, "zh", "开一半", "open_sunroof", {"position": 50}),
    # another value for another place
    (TEMPERATURE, "en", "and mine to 21", "set_temperature", {"temperature": 21, "zone": "speaker"}),
    (TEMPERATURE, "en", "and 21 for the passenger", "set_temperature", {"temperature": 21, "zone": "passenger"}),
    (TEMPERATURE, "en", "the passenger to 20.5", "set_temperature", {"temperature": 20.5, "zone": "passenger"}),
    (TEMPERATURE, "zh", "副驾二十度", "set_temperature", {"temperature": 20, "zone": "passenger"}),
    # once more, and back
    (WARMER, "en", "again", "make_warmer", {"zone": "driver"}),
    (TRACK, "en", "one more time", "next_track", {}),
    (WARMER, "en", "a bit more", "make_warmer", {"zone": "driver"}),
    (WARMER, "en", "too much", "make_cooler", {"zone": "driver"}),
    (LOUDER, "en", "still not enough", "change_volume", {"direction": "up"}),
    (LOUDER, "en", "a bit less", "change_volume", {"direction": "down"}),
    (LESS_AIR, "en", "more", "adjust_fan", {"direction": "down"}),
    (LESS_AIR, "en", "a bit higher", "adjust_fan", {"direction": "up"}),
    (TEMPERATURE, "en", "a bit higher", "make_warmer", {"zone": "driver"}),
    (TEMPERATURE, "en", "lower", "make_cooler", {"zone": "driver"}),
    (SEAT, "en", "turn it down a bit", "adjust_seat_heating", {"direction": "down", "zone": "driver"}),
    (LOUDER, "zh", "再来一次", "change_volume", {"direction": "up"}),
    (LOUDER, "zh", "还不够", "change_volume", {"direction": "up"}),
    (LOUDER, "zh", "太大了", "change_volume", {"direction": "down"}),
    (TEMPERATURE, "zh", "再高一点", "make_warmer", {"zone": "driver"}),
    (TEMPERATURE, "zh", "低一点", "make_cooler", {"zone": "driver"}),
    # it, that, the other one
    (WINDOW, "en", "close it again", "close_window", {"zone": "driver"}),
    (WINDOW, "en", "and close the other one", "close_window", {"zone": "passenger"}),
    (SUNROOF, "en", "Close it!", "close_sunroof", {}),
    (BOOT, "en", "shut it again please", "close_boot", {}),
    (SEAT, "en", "turn it off", "seat_heating", {"level": "off", "zone": "driver"}),
    (WINDOW, "zh", "把它关了", "close_window", {"zone": "driver"}),
    # the same for a place in other words
    (
        TEMPERATURE,
        "en",
        "do the same for both seats in the back",
        "set_temperature",
        {"temperature": 22, "zone": "rear"},
    ),
    (TEMPERATURE, "en", "same thing for my wife please", "set_temperature", {"temperature": 22, "zone": "neighbour"}),
    (PASSENGER_SEAT, "en", "actually, turn mine off", "seat_heating", {"level": "off", "zone": "speaker"}),
    (SEAT, "zh", "副驾也一档", "seat_heating", {"level": "low", "zone": "passenger"}),
    (WINDOW, "zh", "不用那么大，一半就行", "set_window_position", {"position": 50, "zone": "driver"}),
    (SEAT, "zh", "副驾那边也这样", "seat_heating", {"level": "medium", "zone": "passenger"}),
    # with a reason that means nothing itself
    (SUNROOF, "en", "it's raining in, get it closed", "close_sunroof", {}),
    (SUNROOF, "zh", "风太大，关一点", "adjust_sunroof", {"direction": "closed"}),
    (TEMPERATURE, "en", "that's freezing, two degrees up", "make_warmer", {"amount": 2, "zone": "driver"}),
    (TEMPERATURE, "zh", "有点热了，降两度", "make_cooler", {"amount": 2, "zone": "driver"}),
    (VENTILATION, "zh", "太凉了，关了吧", "seat_ventilation", {"level": "off", "zone": "driver"}),
    (WINDOW, "zh", "算了，全关上吧", "close_window", {"zone": "driver"}),
    # stronger is more of the thing, whatever the signal does
    (VENTILATION, "en", "stronger", "adjust_seat_ventilation", {"direction": "up", "zone": "driver"}),
    (VENTILATION, "en", "weaker", "adjust_seat_ventilation", {"direction": "down", "zone": "driver"}),
    (VENTILATION, "zh", "再强一点", "adjust_seat_ventilation", {"direction": "up", "zone": "driver"}),
    (SEAT, "en", "stronger", "adjust_seat_heating", {"direction": "up", "zone": "driver"}),
    (LOUDER, "en", "one less", "change_volume", {"direction": "down"}),
    (LESS_AIR, "en", "one less", "adjust_fan", {"direction": "down"}),
    (SUNROOF, "zh", "把它关上", "close_sunroof", {}),
]


@pytest.mark.parametrize(("before", "language", "said", "intent", "arguments"), FOLLOW_UPS)
def test_a_follow_up(
    follower: Follower, before: IntentCall, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    found = follower.understand(said, language, after(before))
    assert found == Understanding((IntentCall(intent, arguments),), Source.TEMPLATE)


CORRECTIONS: list[Case] = [
    (WINDOW, "en", "no, the passenger side", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "not that one, the right one", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "sorry, I meant the passenger window", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "wrong one, the other one", "open_window", {"zone": "passenger"}),
    (WINDOW, "en", "no, close it", "close_window", {"zone": "driver"}),
    (LOUDER, "en", "no, the other way", "change_volume", {"direction": "down"}),
    (WINDOW, "en", "no, open the sunroof", "open_sunroof", {}),
    (WINDOW, "zh", "不是左边，是右边", "open_window", {"zone": "passenger"}),
    (WINDOW, "zh", "不对，副驾的", "open_window", {"zone": "passenger"}),
    (WINDOW, "zh", "不对，打开天窗", "open_sunroof", {}),
]


@pytest.mark.parametrize(
    ("before", "language", "said", "value"),
    [(TEMPERATURE, "en", "no, I said 23", 23), (TEMPERATURE, "zh", "不，二十三度", 23)],
)
def test_what_is_set_anew_need_not_be_set_back_before(
    follower: Follower, before: IntentCall, language: str, said: str, value: int
) -> None:
    found = follower.understand(said, language, after(before))
    call = IntentCall("set_temperature", {"temperature": value, "zone": "driver"})
    assert found == Understanding((call,), Source.TEMPLATE)


@pytest.mark.parametrize(
    ("before", "language", "said"),
    [
        (LOUDER, "en", "it's cold, turn the heating up"),  # another thing
        (LOUDER, "zh", "有点冷，开大一点"),  # the reason has nothing to do with it
        (WINDOW, "en", "don't open the boot, close it"),
        (WINDOW, "en", "if it rains, close it"),
        (WINDOW, "en", "same procedure as every year"),
    ],
)
def test_a_clause_that_means_something_itself_is_no_reason(
    follower: Follower, before: IntentCall, language: str, said: str
) -> None:
    assert not calls_of(follower.understand(said, language, after(before)))


def test_they_are_all_that_were_spoken_of_in_a_row(follower: Follower) -> None:
    both = after(call("open_window", zone="driver"), call("open_window", zone="passenger"))
    found = follower.understand("close them", "en", both)
    assert [each.arguments["zone"] for each in calls_of(found)] == ["driver", "passenger"]


@pytest.mark.parametrize(("before", "language", "said", "intent", "arguments"), CORRECTIONS)
def test_a_correction_takes_the_last_turn_back_first(
    follower: Follower, before: IntentCall, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    found = follower.understand(said, language, after(before))
    assert found == Understanding((IntentCall(intent, arguments),), Source.TEMPLATE, corrects=True)


@pytest.mark.parametrize(
    ("before", "was", "became", "language", "said", "intent"),
    [
        (TEMPERATURE, 20, 22, "en", "a bit more", "make_warmer"),
        (TEMPERATURE, 24, 22, "en", "a bit more", "make_cooler"),
        (TEMPERATURE, 20, 22, "en", "too much", "make_cooler"),
        (TEMPERATURE, 24, 22, "en", "not so much", "make_warmer"),
        (TEMPERATURE, 24, 22, "zh", "再来一点", "make_cooler"),
        (TEMPERATURE, 20, 22, "zh", "过了", "make_cooler"),
        (WINDOW, 0, 100, "en", "a bit less", "adjust_window"),
    ],
)
def test_more_goes_on_in_the_direction_of_the_change(
    follower: Follower, before: IntentCall, was: int, became: int, language: str, said: str, intent: str
) -> None:
    context = after(before, changes=(Change(CELSIUS, was, became),))
    [found] = calls_of(follower.understand(said, language, context))
    assert (found.intent, found.arguments["zone"]) == (intent, "driver")


@pytest.mark.parametrize(
    ("was", "became"), [(None, 22), (22, 22), (False, True), ("OFF", "ON")], ids=["unknown", "same", "switch", "word"]
)
def test_more_of_what_has_no_direction_is_no_follow_up(follower: Follower, was: object, became: object) -> None:
    changed = Change(CELSIUS, was, became)  # type: ignore[arg-type]
    assert follower.understand("a bit more", "en", after(TEMPERATURE, changes=(changed,))) is None


def test_a_follow_up_is_about_each_call_of_the_last_turn(follower: Follower) -> None:
    found = follower.understand("and the passenger too", "en", after(WINDOW, SEAT, SUNROOF))
    assert calls_of(found) == (
        call("open_window", zone="passenger"),
        call("seat_heating", level="medium", zone="passenger"),
    )


def test_it_is_what_was_named_last(follower: Follower) -> None:
    assert calls_of(follower.understand("close it", "en", after(BOOT, SUNROOF))) == (call("close_sunroof"),)


# What leaves out its object


def test_a_language_that_is_not_in_the_catalogue_leaves_out_nothing(follower: Follower) -> None:
    assert follower.elliptical("öffne das Fenster", "de", after(SUNROOF)) == ()


@pytest.mark.parametrize(
    ("before", "language", "said", "intent", "arguments"),
    [
        (SUNROOF, "en", "close again", "close_sunroof", {}),
        (SEAT, "en", "off again", "seat_heating", {"level": "off", "zone": "driver"}),
        (SUNROOF, "en", "more", "adjust_sunroof", {"direction": "open"}),
        (WINDOW, "en", "a bit more", "adjust_window", {"direction": "open", "zone": "driver"}),
        (WINDOW, "zh", "再关上", "close_window", {"zone": "driver"}),
        (SUNROOF, "zh", "关上", "close_sunroof", {}),
    ],
)
def test_an_ellipsis(
    follower: Follower, before: IntentCall, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    assert follower.understand(said, language, after(before)) is None
    assert follower.elliptical(said, language, after(before)) == (IntentCall(intent, arguments),)
    assert follower.elliptical(said, language, Context()) == ()


@pytest.mark.parametrize(
    ("part", "before", "language", "intent"),
    [
        ("close it", "the boot is open", "en", "close_boot"),
        ("close it", "the sunroof is open", "en", "close_sunroof"),
        ("turn it off", "the air conditioning is too cold", "en", "air_conditioning"),
        ("把它关上", "后备箱开着", "zh", "close_boot"),
    ],
)
def test_it_is_what_the_same_sentence_named_before(
    follower: Follower, part: str, before: str, language: str, intent: str
) -> None:
    found = follower.within(part, before, (), language)
    assert found is not None
    assert found.intent == intent


@pytest.mark.parametrize(
    ("part", "before"),
    [
        ("close it", "what a day"),
        ("turn it off", "it is fantastic outdoors"),
        ("skip this song", "the boot is open"),
        ("close it", ""),
    ],
)
def test_it_is_nothing_where_nothing_was_named(follower: Follower, part: str, before: str) -> None:
    assert follower.within(part, before, (), "en") is None


# What is about the conversation itself


@pytest.mark.parametrize(
    ("said", "language", "wish"),
    [
        *(
            (said, "en", Wish.UNDO_TURN)
            for said in ("undo that", "Undo.", "put it back", "change it back to how it was")
        ),
        *((said, "en", Wish.UNDO_TURN) for said in ("that was a mistake", "I didn't want that", "take that back")),
        *((said, "en", Wish.UNDO_TURN) for said in ("put it back where we started", "back to where it was")),
        *((said, "zh", Wish.UNDO_TURN) for said in ("挪回去", "给我升回去吧")),
        *(
            (said, "en", Wish.UNDO_LAST)
            for said in ("undo the last one", "only undo the last bit", "take that last one back")
        ),
        *((said, "en", Wish.TELL) for said in ("what did you just do?", "what have you done", "say that again")),
        *((said, "en", Wish.TELL) for said in ("what did you set it to?", "what did you just turn on")),
        *((said, "zh", Wish.UNDO_TURN) for said in ("撤销", "还原", "恢复原样", "撤銷剛才的操作")),
        ("只撤销最后一个操作", "zh", Wish.UNDO_LAST),
        *((said, "zh", Wish.TELL) for said in ("你刚才做了什么", "再说一遍", "刚才你都给我开啥了")),
    ],
)
def test_a_wish_about_the_conversation(follower: Follower, said: str, language: str, wish: Wish) -> None:
    for context in (Context(), after(WINDOW)):
        assert follower.understand(said, language, context) == Understanding(wish=wish, source=Source.TEMPLATE)


# The answer to a question


@pytest.mark.parametrize(
    ("asked", "name", "language", "said", "value"),
    [
        (call("open_window"), "zone", "en", "the left one", "left"),
        (call("open_window"), "zone", "en", "the driver's", "driver"),
        (call("open_window"), "zone", "en", "Mine.", "speaker"),
        (call("open_window"), "zone", "zh", "副驾的", "passenger"),
        (call("open_window"), "zone", "zh", "左后", "rear_left"),
        (call("set_temperature", zone="rear"), "temperature", "en", "twenty two", 22),
        (call("set_temperature", zone="rear"), "temperature", "en", "22.5 degrees please", 22.5),
        (call("set_temperature", zone="rear"), "temperature", "zh", "二十三度", 23),
        (call("ambient_color"), "color", "en", "blue", "blue"),
        (call("ambient_color"), "color", "en", "to red, please", "red"),
        (call("ambient_color"), "color", "zh", "红色", "red"),
        (call("drive_mode"), "mode", "en", "eco", "eco"),
    ],
)
def test_an_answer_supplies_what_was_missing(
    follower: Follower, asked: IntentCall, name: str, language: str, said: str, value: Argument
) -> None:
    found = follower.understand(said, language, Context(missing=(asked, name)))
    assert calls_of(found) == (IntentCall(asked.intent, {**asked.arguments, name: value}),)


@pytest.mark.parametrize(
    ("asked", "name", "said"),
    [
        (call("open_window"), "zone", "what time is it"),
        (call("set_temperature"), "temperature", "warm"),
        (call("ambient_color"), "color", "surprise me"),
        (call("ambient_color"), "colour", "blue"),
        (call("air_conditioning"), "state", "I don't know"),
    ],
)
def test_what_is_no_answer_supplies_nothing(follower: Follower, asked: IntentCall, name: str, said: str) -> None:
    assert follower.understand(said, "en", Context(missing=(asked, name))) is None


# What stands alone, or for nothing


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("", "en"),
        ("?!", "en"),
        ("no", "en"),
        ("no no no", "en"),
        ("sorry", "en"),
        ("open the sunroof", "en"),
        ("skip this song", "en"),
        ("what is the weather like", "en"),
        ("that is a nice window", "en"),
        ("my other car is a boat", "en"),
        ("he wants it back", "en"),
        ("22 people", "en"),
        ("again and again I told him", "en"),
        ("close it", "fr"),
        ("", "zh"),
        ("不", "zh"),
        ("打开天窗", "zh"),
        ("它真好看", "zh"),
        ("今天二十三号", "zh"),
        ("再见", "zh"),
    ],
)
def test_what_is_no_follow_up_is_left_alone(follower: Follower, said: str, language: str) -> None:
    assert follower.understand(said, language, after(WINDOW)) is None


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (SUNROOF, "the other side too"),
        (SUNROOF, "no, the left one"),
        (BOOT, "a bit more"),
        (BOOT, "make it 22"),
        (TRACK, "halfway"),
        (call("open_bonnet"), "lower"),
        (call("what_is_playing"), "turn it off"),
    ],
)
def test_what_does_not_go_with_the_last_turn_is_none(follower: Follower, before: IntentCall, said: str) -> None:
    assert follower.understand(said, "en", after(before)) is None


@pytest.mark.parametrize("said", ["close it", "a bit more", "the other side too", "again", "22", "no, the left one"])
@pytest.mark.parametrize(
    "context",
    [
        Context(),
        Context(turns=((),)),
        after(WINDOW, status=Status.REFUSED),
        after(WINDOW, status=Status.FAILED),
        after(WINDOW, status=Status.CONFIRM),
    ],
    ids=["nothing said", "nothing done", "refused", "failed", "asked"],
)
def test_nothing_follows_up_on_what_was_not_done(follower: Follower, said: str, context: Context) -> None:
    assert calls_of(follower.understand(said, "en", context)) == ()
    assert follower.elliptical(said, "en", context) == ()


@pytest.mark.parametrize("said", ["close it {0}", "and {topic} it {said}", "{} {said!r:>99} too", "把它关上{0}"])
def test_braces_in_what_is_said_are_words_like_others(catalogue: Catalogue, templates: Templates, said: str) -> None:
    opened = Outcome(IntentCall("open_window", {"zone": "driver"}), Status.DONE)
    language = "zh" if "关" in said else "en"
    understanding = Follower(catalogue, templates).understand(said, language, Context(((opened,),)))
    assert understanding is None or all(call.intent == "close_window" for call in understanding.calls)


@pytest.mark.parametrize(
    ("before", "said", "intent", "arguments"),
    [
        (call("fan_status", zone="driver"), "Knock it down to ten then.", "set_fan_speed", {"percent": 10}),
        (call("inside_temperature", zone="driver"), "Make it two less.", "make_cooler", {"amount": 2}),
    ],
)
def test_what_was_asked_about_can_be_changed(
    follower: Follower, before: IntentCall, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    [meant] = calls_of(follower.understand(said, "en", after(before)))
    assert meant == IntentCall(intent, {**arguments, "zone": "driver"})


def test_of_two_values_in_an_answer_the_last_is_meant(follower: Follower) -> None:
    asked = Context(missing=(call("set_volume"), "percent"))
    assert calls_of(follower.understand("Fifty, no, make that sixty.", "en", asked)) == (
        call("set_volume", percent=60),
    )


FAN = call("set_fan_speed", percent=80, zone="driver")
AIR = "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"


@pytest.mark.parametrize(
    ("language", "said", "percent"),
    [("en", "Half that.", 40), ("en", "Cut it in half.", 40), ("en", "Twice as much.", 160), ("zh", "减半", 40)],
)
def test_so_many_times_the_value(follower: Follower, language: str, said: str, percent: float) -> None:
    found = follower.understand(said, language, after(FAN, changes=(Change(AIR, 40, 80),)))
    assert calls_of(found) == (call("set_fan_speed", percent=percent, zone="driver"),)


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("en", "Make the first one 23.", call("set_temperature", temperature=23, zone="driver")),
        ("en", "Close the second one again.", call("close_sunroof")),
        ("zh", "第二个关上", call("close_sunroof")),
    ],
)
def test_one_of_several_things(follower: Follower, language: str, said: str, expected: IntentCall) -> None:
    assert calls_of(follower.understand(said, language, after(TEMPERATURE, SUNROOF))) == (expected,)


def test_there_is_no_second_of_one_thing(follower: Follower) -> None:
    assert follower.understand("Close the second one again.", "en", after(SUNROOF)) is None


def test_what_has_no_steps_of_any_size_is_set_anew(follower: Follower) -> None:
    heating = call("seat_heating_percent", percent=60, zone="passenger")
    context = after(heating, changes=(Change("Vehicle.Cabin.Seat.Row1.PassengerSide.HeatingCooling", 0, 60),))
    found = follower.understand("Drop it by twenty.", "en", context)
    assert calls_of(found) == (call("seat_heating_percent", percent=40, zone="passenger"),)


# Whose it is

REST_OF_THE_CAR = call("open_window", zone="all")
HERS = call("seat_heating", level="medium", zone="passenger")


@pytest.mark.parametrize(
    ("before", "language", "said", "intent", "arguments"),
    [
        (HERS, "en", "Actually, turn mine off.", "seat_heating", {"level": "off", "zone": "speaker"}),
        (REST_OF_THE_CAR, "en", "close mine please", "close_window", {"zone": "speaker"}),
        (call("close_window", zone="all"), "en", "Oh, but mine can go back down.", "open_window", {"zone": "speaker"}),
        (SEAT, "en", "turn hers off", "seat_heating", {"level": "off", "zone": "neighbour"}),
        (WINDOW, "en", "do hers too", "open_window", {"zone": "neighbour"}),
        (HERS, "zh", "把我的关了", "seat_heating", {"level": "off", "zone": "speaker"}),
        (REST_OF_THE_CAR, "zh", "我的关上吧", "close_window", {"zone": "speaker"}),
        (SEAT, "zh", "她的打开", "seat_heating", {"zone": "neighbour"}),
        (WINDOW, "zh", "她的也打开", "open_window", {"zone": "neighbour"}),
    ],
)
def test_whose_it_is_wins_over_where_the_last_was(
    follower: Follower, before: IntentCall, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    assert calls_of(follower.understand(said, language, after(before))) == (IntentCall(intent, arguments),)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("mine is at home", "en"),
        ("hers is prettier than mine", "en"),
        ("we came back a bit late", "en"),
        ("I'd rather be at the beach", "en"),
        ("I changed my mind about Paris", "en"),
        ("half of that was mine", "en"),
        ("half of them are at home", "en"),
        ("and the dog", "en"),
        ("my other one is at home", "en"),
        ("我的手机在家", "zh"),
        ("她关心我", "zh"),
        ("他打开门走了", "zh"),
        ("我更喜欢冬天", "zh"),
        ("她打算明天来", "zh"),
    ],
)
def test_what_asks_for_nothing_is_no_follow_up(follower: Follower, said: str, language: str) -> None:
    for before in (WINDOW, SEAT):
        assert not calls_of(follower.understand(said, language, after(before)))
        assert follower.elliptical(said, language, after(before)) == ()


# How much


@pytest.mark.parametrize(
    ("before", "language", "said", "intent", "arguments"),
    [
        (WINDOW, "en", "up again", "close_window", {"zone": "driver"}),
        (
            WINDOW,
            "en",
            "that's more than enough, come back a bit",
            "adjust_window",
            {"direction": "closed", "zone": "driver"},
        ),
        (
            call("recline_seat", direction="back", zone="driver"),
            "en",
            "Whoa, too far, come up a bit.",
            "recline_seat",
            {"direction": "upright", "zone": "driver"},
        ),
        (
            call("seat_height", direction="up", zone="driver"),
            "en",
            "too high now, back down a touch",
            "seat_height",
            {"direction": "down", "zone": "driver"},
        ),
        (
            TEMPERATURE,
            "en",
            "And one degree less for the passenger.",
            "make_cooler",
            {"amount": 1, "zone": "passenger"},
        ),
        (TEMPERATURE, "en", "but one degree less for her", "make_cooler", {"amount": 1, "zone": "neighbour"}),
        (TEMPERATURE, "en", "two degrees more for me", "make_warmer", {"amount": 2, "zone": "speaker"}),
        (TEMPERATURE, "zh", "我这边低一度", "make_cooler", {"amount": 1, "zone": "speaker"}),
        (WINDOW, "en", "back please", "adjust_window", {"direction": "closed", "zone": "driver"}),
        (LOUDER, "zh", "不用那么大", "change_volume", {"direction": "down"}),
    ],
)
def test_how_much_and_where(
    follower: Follower, before: IntentCall, language: str, said: str, intent: str, arguments: dict[str, Argument]
) -> None:
    changed = (Change(POSITION, 0, 100),) if before == WINDOW else ()
    found = follower.understand(said, language, after(before, changes=changed))
    assert calls_of(found) == (IntentCall(intent, arguments),)


def test_a_degree_more_than_a_number_is_warmer_though_the_number_was_a_step_down(follower: Follower) -> None:
    context = after(TEMPERATURE, changes=(Change(CELSIUS, 24, 22),))
    assert calls_of(follower.understand("one degree more", "en", context)) == (
        call("make_warmer", amount=1, zone="driver"),
    )


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Way too strong, half of that will do."), ("en", "half is enough")]
)
def test_half_of_it_will_do(follower: Follower, language: str, said: str) -> None:
    found = follower.understand(said, language, after(FAN, changes=(Change(AIR, 40, 80),)))
    assert calls_of(found) == (call("set_fan_speed", percent=40, zone="driver"),)


@pytest.mark.parametrize("said", ["不用那么大，一半就行", "不用全开，一半就够了"])
def test_half_open_will_do(follower: Follower, said: str) -> None:
    found = follower.understand(said, "zh", after(WINDOW, changes=(Change(POSITION, 0, 100),)))
    assert calls_of(found) == (call("set_window_position", position=50, zone="driver"),)


@pytest.mark.parametrize(("language", "said"), [("en", "same for the passenger"), ("zh", "副驾也一样")])
def test_the_same_as_a_step_on_from_a_number_is_the_number_it_came_to(
    follower: Follower, language: str, said: str
) -> None:
    cooler = Outcome(call("make_cooler", amount=1, zone="driver"), Status.DONE, changes=(Change(CELSIUS, 20, 19),))
    was_set = Outcome(call("set_temperature", temperature=20, zone="driver"), Status.DONE)
    [found] = calls_of(follower.understand(said, language, Context(((cooler,), (was_set,)))))
    assert found == call("set_temperature", temperature=19, zone="passenger")
    [alone] = calls_of(follower.understand(said, language, Context(((cooler,),))))
    assert alone == call("make_cooler", amount=1, zone="passenger")


def test_the_same_as_a_step_on_from_a_level_is_the_level_it_came_to(follower: Follower) -> None:
    heat = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
    warmer = Outcome(
        call("adjust_seat_heating", direction="up", zone="driver"), Status.DONE, changes=(Change(heat, 33, 66),)
    )
    was_set = Outcome(call("seat_heating", level="low", zone="driver"), Status.DONE)
    [found] = calls_of(follower.understand("and same for the passenger", "en", Context(((warmer,), (was_set,)))))
    assert found == call("seat_heating", level="medium", zone="passenger")


@pytest.mark.parametrize(
    ("language", "said", "kind"),
    [
        ("zh", "一档就行", "seat_heating"),
        ("zh", "再来一档", "adjust_seat_heating"),
        ("zh", "加一档", "adjust_seat_heating"),
    ],
)
def test_a_level_is_no_step(follower: Follower, language: str, said: str, kind: str) -> None:
    heat = "Vehicle.Cabin.Seat.Row1.DriverSide.HeatingCooling"
    hot = Context(
        ((Outcome(call("seat_heating", level="high", zone="driver"), Status.DONE, changes=(Change(heat, 0, 100),)),),)
    )
    found = calls_of(follower.understand(said, language, hot)) or follower.elliptical(said, language, hot)
    assert [each.intent for each in found] == [kind]


# Everything but one, and two things of different kinds


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        ("en", "not mine, put mine down again", call("open_window", zone="speaker")),
        ("en", "no, not the driver's one, that should come down again", call("open_window", zone="driver")),
        ("zh", "不是我的，我的打开", call("open_window", zone="speaker")),
        ("zh", "不对，只开我的", call("open_window", zone="speaker")),
    ],
)
def test_an_exception_takes_nothing_back(follower: Follower, language: str, said: str, expected: IntentCall) -> None:
    found = follower.understand(said, language, after(call("close_window", zone="all")))
    assert calls_of(found) == (expected,)
    assert found is not None
    assert not found.corrects


def test_an_exception_may_be_of_one_thing_beside_another(follower: Follower) -> None:
    both = after(call("close_window", zone="all"), call("air_conditioning", state="on"))
    found = follower.understand("not mine, put mine down again", "en", both)
    assert calls_of(found) == (call("open_window", zone="speaker"),)
    assert found is not None
    assert not found.corrects


def test_an_exception_may_be_the_same_otherwise(follower: Follower) -> None:
    lit = after(call("reading_light", zone="all", state="on"))
    found = follower.understand("not mine, turn mine off", "en", lit)
    assert calls_of(found) == (call("reading_light", state="off", zone="speaker"),)
    assert found is not None
    assert not found.corrects


@pytest.mark.parametrize(("language", "said"), [("en", "no, close the window"), ("zh", "不对，把车窗关上")])
def test_the_opposite_of_all_of_it_is_no_exception(follower: Follower, language: str, said: str) -> None:
    found = follower.understand(said, language, after(call("open_window", zone="all")))
    assert found is not None
    assert found.corrects


def test_only_the_left_ones_is_said_of_what_is_done_now(follower: Follower) -> None:
    found = follower.understand("不对，只关左边的", "zh", after(call("open_window", zone="all")))
    assert calls_of(found) == (call("close_window", zone="left"),)


def test_only_one_of_all_takes_the_others_back(follower: Follower) -> None:
    found = follower.understand("no, only mine", "en", after(call("close_window", zone="all")))
    assert calls_of(found) == (call("close_window", zone="speaker"),)
    assert found is not None
    assert found.corrects


@pytest.mark.parametrize("said", ["no, just turn it down", "no, next song"])
def test_what_was_to_be_something_else_than_a_pause_goes_on(follower: Follower, said: str) -> None:
    found = follower.understand(said, "en", after(call("pause_music")))
    assert found is not None
    assert found.corrects


def test_a_song_that_nobody_wanted_is_skipped_and_the_music_not_stopped(follower: Follower) -> None:
    found = follower.understand("no, not this, the next one", "en", after(call("play_music")))
    assert calls_of(found) == (TRACK,)
    assert found is not None
    assert not found.corrects


@pytest.mark.parametrize(
    ("first", "second", "language", "said", "expected"),
    [
        (SUNROOF, BOOT, "en", "close both", ["close_sunroof", "close_boot"]),
        (
            call("fog_lights", state="on"),
            call("rear_fog_light", state="on"),
            "en",
            "both off",
            ["fog_lights", "rear_fog_light"],
        ),
        (call("wheel_heating", state="on"), SEAT, "zh", "两个都关了", ["wheel_heating", "seat_heating"]),
        (
            call("fog_lights", state="on"),
            call("rear_fog_light", state="on"),
            "zh",
            "都关了",
            ["fog_lights", "rear_fog_light"],
        ),
        (SEAT, call("open_window", zone="front"), "en", "close both", ["close_window"]),
        (TRACK, SUNROOF, "en", "close both", ["close_sunroof"]),
    ],
)
def test_both_are_the_last_two_things(
    follower: Follower, first: IntentCall, second: IntentCall, language: str, said: str, expected: list[str]
) -> None:
    one_by_one = Context((after(second).turns[0], after(first).turns[0]))
    for context in (one_by_one, after(first, second)):
        found = calls_of(follower.understand(said, language, context))
        assert [each.intent for each in found] == expected


@pytest.mark.parametrize(
    ("first", "second", "language", "said"),
    [
        (call("lock_doors", zone="all"), SUNROOF, "en", "open both"),
        (call("lock_doors", zone="all"), SUNROOF, "zh", "都打开"),
        (call("fog_lights", state="on"), call("rear_fog_light", state="on"), "zh", "不要都关"),
        (call("fog_lights", state="on"), call("rear_fog_light", state="on"), "zh", "都关了吗"),
    ],
)
def test_both_opens_no_door_and_is_no_question(
    follower: Follower, first: IntentCall, second: IntentCall, language: str, said: str
) -> None:
    found = follower.understand(said, language, Context((after(second).turns[0], after(first).turns[0])))
    assert {each.intent for each in calls_of(found)} <= {"open_sunroof"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "undo that, it's too loud so close my window"), ("zh", "撤销，要打开车窗")],
)
def test_what_is_said_with_an_undo_may_be_another_wish(follower: Follower, language: str, said: str) -> None:
    assert follower.understand(said, language, after(SUNROOF)) is None


def test_the_same_as_a_step_on_from_open_is_the_step(follower: Follower) -> None:
    step = call("adjust_window", direction="closed", zone="driver")
    closed = Outcome(step, Status.DONE, changes=(Change(POSITION, 100, 80),))
    found = follower.understand("the rear left as well", "en", Context(((closed,), (Outcome(WINDOW, Status.DONE),))))
    assert calls_of(found) == (call("adjust_window", direction="closed", zone="rear_left"),)


@pytest.mark.parametrize("said", ["what did you put on", "we could take that back", "刚换了什么", "wait", "hold on"])
def test_talk_between_people_is_no_wish_about_the_conversation(follower: Follower, said: str) -> None:
    assert follower.understand(said, "en" if said.isascii() else "zh", after(SUNROOF)) is None


@pytest.mark.parametrize(
    ("before", "language", "said", "expected"),
    [
        (VENTILATION, "en", "passenger too, on full", call("seat_ventilation", level="high", zone="passenger")),
        (LESS_AIR, "zh", "后排呢，也小点儿", call("adjust_fan", direction="down", zone="rear")),
        (
            call("set_window_position", position=30, zone="rear_left"),
            "zh",
            "右后呢，也三十",
            call("set_window_position", position=30, zone="rear_right"),
        ),
    ],
)
def test_one_clause_says_where_and_the_other_how(
    follower: Follower, before: IntentCall, language: str, said: str, expected: IntentCall
) -> None:
    assert calls_of(follower.understand(said, language, after(before))) == (expected,)


def test_what_was_said_wrong_is_said_anew(follower: Follower) -> None:
    found = follower.understand("往下，我说错了", "zh", after(call("headrest_height", direction="up", zone="driver")))
    assert calls_of(found) == (call("headrest_height", direction="down", zone="driver"),)


@pytest.mark.parametrize(
    ("said", "zone"), [("不是副驾，是后头右边那扇", "rear_right"), ("不是我这儿，给后排弄", "rear")]
)
def test_the_place_that_is_not_meant_is_not_taken(follower: Follower, said: str, zone: str) -> None:
    found = follower.understand(said, "zh", after(call("open_window", zone="passenger")))
    assert calls_of(found) == (call("open_window", zone=zone),)


@pytest.mark.parametrize(("said", "direction"), [("再弱", "down"), ("再大", "up"), ("再小点", "down")])
def test_a_step_is_no_complaint(follower: Follower, said: str, direction: str) -> None:
    found = follower.understand(said, "zh", after(LESS_AIR))
    assert calls_of(found) == (call("adjust_fan", direction=direction),)


def test_right_is_a_place_only_where_it_is_meant(follower: Follower) -> None:
    assert follower.clause("right", "en", after(WINDOW)) is None
    assert calls_of(follower.clause("the right one", "en", after(WINDOW))) == (call("open_window", zone="passenger"),)


def test_behind_me_is_behind_who_speaks(follower: Follower) -> None:
    last = after(call("open_window", zone="rear_right"))
    assert calls_of(follower.understand("and the one behind me", "en", last)) == (
        call("open_window", zone="behind_me"),
    )


def test_a_place_where_the_thing_is_not_names_another_thing(follower: Follower) -> None:
    heated = after(call("mirror_heating", state="on", zone="front"))
    assert follower.understand("the rear window as well", "en", heated) is None
    assert follower.elliptical("the rear window as well", "en", heated) == (call("rear_defrost", state="on"),)


def test_one_back_is_a_step(follower: Follower) -> None:
    brighter = call("ambient_brightness", direction="up", zone="all")
    assert calls_of(follower.understand("one back", "en", after(brighter))) == (
        call("ambient_brightness", direction="down", zone="all"),
    )


def test_a_mode_that_is_named_is_meant(follower: Follower) -> None:
    off = after(call("lane_warning", state="off"))
    assert follower.elliptical("and eco mode", "en", off) == (call("drive_mode", mode="eco"),)
    assert follower.elliptical("and the air conditioning", "en", off) == (call("air_conditioning", state="off"),)


def test_a_no_before_a_verb_corrects_nothing(follower: Follower) -> None:
    assert follower.understand("不走高速", "zh", after(call("navigate_to", place="机场"))) is None
    assert calls_of(follower.understand("不，关上", "zh", after(SUNROOF))) == (call("close_sunroof"),)
    assert calls_of(follower.understand("不开了", "zh", after(SUNROOF))) == (call("close_sunroof"),)


@pytest.mark.parametrize(
    ("said", "amount"), [("a degree less", 1), ("half a degree more", 0.5), ("half a degree up", 0.5)]
)
def test_a_degree_is_one(follower: Follower, said: str, amount: float) -> None:
    [found] = calls_of(follower.understand(said, "en", after(call("make_warmer", amount=2, zone="driver"))))
    assert found.arguments["amount"] == amount


def test_of_a_heated_mirror_the_other_one_is_a_mirror_too(follower: Follower) -> None:
    last = (call("mirror_heating", state="on", zone="right"),)
    found = follower.within("左边也来", "右边的后视镜加热一下", last, "zh")
    assert found == call("mirror_heating", state="on", zone="left")


def test_why_both_go_off_may_be_said(follower: Follower) -> None:
    fog, rear = call("fog_lights", state="on"), call("rear_fog_light", state="on")
    found = follower.understand("雾散了，都关了吧", "zh", Context((after(rear).turns[0], after(fog).turns[0])))
    assert [each.intent for each in calls_of(found)] == ["fog_lights", "rear_fog_light"]


def test_it_goes_up_as_the_thing_does_that_was_spoken_of(follower: Follower) -> None:
    recline = call("recline_seat", direction="back", zone="driver")
    found = calls_of(follower.understand("bring it up a bit", "en", after(recline)))
    assert found == (call("recline_seat", direction="upright", zone="driver"),)


# What else, and what else is asked


@pytest.mark.parametrize(
    ("before", "language", "said", "expected"),
    [
        (SEAT, "en", "And the wheel too.", call("wheel_heating", state="on")),
        (SEAT, "zh", "方向盘也要", call("wheel_heating", state="on")),
        (call("tyre_pressure"), "en", "what about the fan?", None),
        (call("lock_status"), "en", "And the windows?", call("openings_status")),
        (call("lock_status"), "zh", "车窗呢", call("openings_status")),
        (call("what_is_playing"), "en", "and the windows were dirty", None),
    ],
)
def test_another_thing_is_named(
    follower: Follower, before: IntentCall, language: str, said: str, expected: IntentCall | None
) -> None:
    found = follower.elliptical(said, language, after(before))
    if expected is None:
        assert all(each.intent.endswith("_status") for each in found)
    else:
        assert found == (expected,)


@pytest.mark.parametrize(("language", "said"), [("en", "And front right?"), ("zh", "右前呢")])
def test_an_answer_for_all_places_is_given_again_for_another(follower: Follower, language: str, said: str) -> None:
    assert calls_of(follower.understand(said, language, after(call("tyre_pressure")))) == (call("tyre_pressure"),)
    assert not calls_of(follower.understand(said, language, after(call("outside_temperature"))))


@pytest.mark.parametrize(
    ("before", "language", "said", "intent"),
    [
        (call("front_defrost", state="on"), "en", "not the front one, I meant the rear", "rear_defrost"),
        (call("wipers", mode="medium"), "en", "not the front, the back one", "rear_wiper"),
        (call("wipers", mode="medium"), "zh", "不是前头的，我说的是后面那个", "rear_wiper"),
    ],
)
def test_the_other_one_of_a_pair(follower: Follower, before: IntentCall, language: str, said: str, intent: str) -> None:
    found = follower.understand(said, language, after(before))
    assert calls_of(found) == (call(intent, state="on"),)
    assert found is not None
    assert found.corrects


def test_not_mine_but_hers(follower: Follower) -> None:
    found = follower.understand("不是我的，是副驾的", "zh", after(WINDOW))
    assert calls_of(found) == (call("open_window", zone="passenger"),)


@pytest.mark.parametrize(
    ("before", "language", "said", "expected"),
    [
        (SEAT, "en", "I'd rather have it off after all", call("seat_heating", level="off", zone="driver")),
        (SEAT, "en", "on second thoughts turn it off", call("seat_heating", level="off", zone="driver")),
        (call("ambient_color", color="blue"), "en", "I'd rather have green", call("ambient_color", color="green")),
        (SEAT, "zh", "干脆关了吧", call("seat_heating", level="off", zone="driver")),
        (SEAT, "zh", "算了别开了", call("seat_heating", level="off", zone="driver")),
    ],
)
def test_another_mind(follower: Follower, before: IntentCall, language: str, said: str, expected: IntentCall) -> None:
    after_it = after(before)
    calls = calls_of(follower.understand(said, language, after_it)) or follower.elliptical(said, language, after_it)
    assert calls == (expected,)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "That's way too much, put it back to what it was."),
        ("en", "No, undo that, it's far too loud now."),
        ("zh", "太大了，还是调回原来的吧"),
    ],
)
def test_why_it_shall_be_taken_back_may_be_said(follower: Follower, language: str, said: str) -> None:
    found = follower.understand(said, language, after(FAN, changes=(Change(AIR, 40, 80),)))
    assert found is not None
    assert found.wish is Wish.UNDO_TURN


@pytest.mark.parametrize(
    ("done", "said", "language", "level"),
    [
        (call("seat_ventilation", level="low", zone="driver"), "three", "en", "high"),
        (call("seat_heating", level="high", zone="rear_left"), "to one", "en", "low"),
        (call("seat_heating", level="high", zone="rear_left"), "改成2", "zh", "medium"),
    ],
)
def test_a_number_after_a_level_is_the_number_of_a_level(
    follower: Follower, done: IntentCall, said: str, language: str, level: str
) -> None:
    assert calls_of(follower.understand(said, language, after(done))) == (
        IntentCall(done.intent, {**done.arguments, "level": level}),
    )


def test_a_larger_number_after_a_level_is_none_of_them(follower: Follower) -> None:
    [meant] = calls_of(follower.understand("forty", "en", after(call("seat_heating", level="low", zone="driver"))))
    assert meant == call("seat_heating_percent", percent=40, zone="driver")


def test_a_value_is_given_to_somebody_else(follower: Follower) -> None:
    done = call("seat_massage_percent", percent=50, zone="driver")
    assert calls_of(follower.understand("give my passenger thirty", "en", after(done))) == (
        call("seat_massage_percent", percent=30, zone="passenger"),
    )


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("can my wife get that too, top setting", "en"),
        ("Ollie wants it as well, on high", "en"),
        ("我老婆也想要，开到最高档", "zh"),
    ],
)
def test_who_else_wants_it_is_no_remark_beside_a_wish_for_the_same_place(
    follower: Follower, said: str, language: str
) -> None:
    done = call("seat_heating", level="low", zone="driver")
    found = calls_of(follower.understand(said, language, after(done)))
    assert all(each.arguments.get("zone") != "driver" for each in found)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("it's too windy, close it", "en"),
        ("my wife's cold, close it", "en"),
        ("it blows my hair about too, close it", "en"),
        ("也太冷了，关上吧", "zh"),
        ("后排孩子睡着了，关上", "zh"),
    ],
)
def test_how_things_are_is_a_remark(follower: Follower, said: str, language: str) -> None:
    opened = after(call("open_window", zone="driver"))
    wishes = [follower.clause(wish, language, opened) for _, wish in follower.remarked(said, language, opened)]
    assert (call("close_window", zone="driver"),) in [calls_of(found) for found in wishes]


@pytest.mark.parametrize(
    ("done", "said", "language"),
    [
        (call("adjust_sunroof", direction="open"), "make it 1", "en"),
        (call("seat_heating", level="low", zone="driver"), "2 percent", "en"),
        (call("seat_heating", level="low", zone="driver"), "百分之二", "zh"),
    ],
)
def test_neither_directions_nor_percentages_are_levels(
    follower: Follower, done: IntentCall, said: str, language: str
) -> None:
    for meant in calls_of(follower.understand(said, language, after(done))):
        assert "level" not in meant.arguments
        assert "direction" not in meant.arguments


def test_what_is_meant_instead_may_be_a_number_without_figures(follower: Follower) -> None:
    opened = call("open_window", zone="driver")
    found = follower.understand("undo that, halfway", "en", after(opened))
    assert found is not None
    assert found.corrects
    assert found.calls == (call("set_window_position", zone="driver", position=50),)


@pytest.mark.parametrize(
    ("before", "said", "language"), [(VENTILATION, "and nineteen degrees", "en"), (LOUDER, "调到二十度", "zh")]
)
def test_degrees_are_no_percent(follower: Follower, before: IntentCall, said: str, language: str) -> None:
    assert calls_of(follower.understand(said, language, after(before))) == ()


@pytest.mark.parametrize("said", ["还是换回刚才那个", "还是原来那样吧", "哎太窜了，还是换回刚才那个"])
def test_what_it_was_before_is_meant(follower: Follower, said: str) -> None:
    found = follower.understand(said, "zh", after(call("drive_mode", mode="sport")))
    assert found is not None
    assert found.wish is Wish.UNDO_TURN


@pytest.mark.parametrize(
    ("said", "language"), [("no, I meant the wipers", "en"), ("不是，我讲的是雨刮", "zh"), ("不对，雨刮", "zh")]
)
def test_what_is_meant_instead_gets_the_same_mode(follower: Follower, said: str, language: str) -> None:
    found = follower.understand(said, language, after(call("headlights", mode="auto")))
    assert found == Understanding((call("wipers", mode="auto"),), Source.TEMPLATE, corrects=True)


@pytest.mark.parametrize(
    ("said", "language"), [("make the passenger side the same as mine", "en"), ("副驾那个位子也跟我一样", "zh")]
)
def test_the_same_as_mine(follower: Follower, said: str, language: str) -> None:
    assert calls_of(follower.understand(said, language, after(TEMPERATURE))) == (
        call("set_temperature", temperature=22, zone="passenger"),
    )


@pytest.mark.parametrize(
    ("before", "said", "language", "expected"),
    [
        (call("mirror_heating", state="on"), "后窗也一起", "zh", call("rear_defrost", state="on")),
        (call("seat_heating", zone="driver"), "副驾也一起", "zh", call("seat_heating", zone="passenger")),
    ],
)
def test_another_joins_in(
    follower: Follower, before: IntentCall, said: str, language: str, expected: IntentCall
) -> None:
    found = follower.understand(said, language, after(before))
    calls = calls_of(found) or follower.elliptical(said, language, after(before))
    assert calls == (expected,)


@pytest.mark.parametrize("said", ["刚才那个撤回", "把刚才的操作撤销掉"])
def test_what_was_just_done_is_taken_back(follower: Follower, said: str) -> None:
    found = follower.understand(said, "zh", after(WINDOW))
    assert found is not None
    assert found.wish is Wish.UNDO_TURN

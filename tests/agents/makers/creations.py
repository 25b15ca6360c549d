"""Creations of all kinds to make things from."""

from agents.makers.making import Source

RAIN = Source(1, "ana", "Rain on the tin roof", "all night the same song in a new key")
GUTTER = Source(2, "ben", "The gutter", "a drum for nobody")
BUS = Source(
    3,
    "cy",
    "Night bus",
    "The last bus leaves the harbour at ten past twelve, and nobody knows where the driver sleeps."
    "\nI sat behind a woman who carried a lamp without a bulb. She told me the sea had borrowed the"
    " rest of the light.\nWhen I got home the moon was in the kitchen, washing its hands.",
)
GARDEN = Source(
    4,
    "dee",
    "Garden notes",
    "My grandmother planted tulips in old shoes along the fence. Every spring they walked a little"
    " further from the house.\nThe snails wrote letters on the stones and the rain, always a"
    " careful reader, erased them before noon.",
)
CAT = Source(
    5,
    "eli",
    "Ode to my cat",
    "You sleep on the keyboard,\nyou sleep on the bills,\nyou knock every cup from the table at"
    " night\nand look at me as if I had done it.\nStill, when the thunder comes,\nit is under my"
    " blanket you hide.",
)
LETTER = Source(
    6,
    "fay",
    "Letter to the sea",
    "Dear sea, I have kept your stones in my pocket for three winters. They are lighter now than"
    " when I stole them. Do you remember my brother? He swam too far out one summer and came back"
    " quiet.",
)
GERMAN_BUS = Source(
    11,
    "eva",
    "Nachtbus",
    "Der letzte Bus fährt um zehn nach zwölf vom Hafen ab, und keiner weiß, wo der Fahrer schläft."
    " Eine Frau trägt eine Lampe ohne Birne. Sie sagt, das Meer habe sich das Licht geliehen. Zu"
    " Hause steht der Mond in der Küche und wäscht sich die Hände. Ich setze mich an den Tisch.",
)
SPANISH_BUS = Source(
    12,
    "gil",
    "Autobús nocturno",
    "El último autobús sale del puerto a las doce y diez, y nadie sabe dónde duerme el conductor."
    " Una mujer lleva una lámpara sin bombilla. Dice que el mar le pidió prestada la luz. En casa,"
    " la luna está en la cocina, lavándose las manos.",
)
JAPANESE_BUS = Source(
    13,
    "hana",
    "夜行バス",
    "最後のバスは十二時十分に港を出る。運転手がどこで眠るのか誰も知らない。"
    "電球のないランプを持った女の人の後ろに座った。海が残りの光を借りたのだと言う。"
    "家に帰ると、月が台所で手を洗っていた。",
)
HOSTILE = [
    Source(21, "a", "empty", ""),
    Source(22, "a", "emoji", "🎉🎉 ❤️ 👩‍👩‍👧 🏳️‍🌈 " * 20),
    Source(23, "a", "marks", "… !! — ??? ;;; ((( " * 40),
    Source(24, "a", "mixed", "the Regen 雨 lluvia مطر дождь βροχή 비 ฝน " * 12),
    Source(25, "a", "right to left", "المطر يهطل على السطح القديم، ولا أحد يسمع. " * 10),
    Source(26, "a", "long", (BUS.body + " ") * 10),
    Source(27, "a", "unspaced", "我独自走在路上" * 3_000),
    Source(28, "a", "kana", "あめがふる" * 4_000),
    Source(29, "a", "one word", "rain " * 500),
    Source(30, "a", "zeros", "a\x00b\u200b\u202ec\ufeff d\ud7ff e " * 100),
    Source(31, "a", "zalgo", "r̷̢̛a̵̧͘i̶͚͝n̸̰̈́ ö̶̜n̷̬͋ t̸͈̑h̵̗̀e̷͍͝ r̶̙̾o̴̹͝o̵̫͌f̸̺̓ " * 25),
    Source(32, "a", "code", "for i in range(10): print(f'{i} <b>&amp;</b>')\n" * 40),
]

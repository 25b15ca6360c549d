"""What a prompt names: its words in four languages as the English ones that painters know."""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
# English · German · Spanish, each with its forms; Japanese is looked for inside unspaced writing.
_TABLE = """
    rain · regen regnet regnerisch nieselregen · lluvia llueve lloviendo · 雨 梅雨
    storm · sturm gewitter unwetter · tormenta · 嵐 台風
    thunder · donner · trueno · 雷
    snow · schnee schneit verschneit · nieve nevada nevado · 雪
    winter · winter · invierno · 冬
    fog · nebel neblig · niebla · 霧 霞
    sun · sonne sonnig · sol soleado · 太陽 日差し
    sunset · sonnenuntergang · atardecer ocaso · 夕日 夕焼け
    sunrise · sonnenaufgang · amanecer · 日の出
    dusk · dämmerung abenddämmerung · anochecer crepúsculo · 夕暮れ 黄昏
    dawn · morgendämmerung · alba aurora · 夜明け 暁
    morning · morgen · mañana · 朝
    evening · abend · tarde · 夕方
    night · nacht nachts nächte · noche noches · 夜
    moon · mond mondlicht · luna · 月
    star · stern · estrella · 星
    stars · sterne sternenhimmel · estrellas · 星空 星座
    sky · himmel · cielo · 空
    cloud · wolke wolken · nube nubes · 雲
    wind · wind · viento · 風
    birds · vögel · pájaros · 鳥たち
    bird · vogel spatz amsel schwalbe · pájaro ave gorrión · 鳥 小鳥 雀
    gulls · möwen · gaviotas · カモメ
    summer · sommer · verano · 夏
    autumn · herbst · otoño · 秋 紅葉
    spring · frühling · primavera · 春 桜
    hills · hügel · colina colinas · 丘
    mountain · berg · montaña · 山
    mountains · berge gebirge alpen · montañas sierra · 山々 山脈
    valley · tal · valle · 谷
    field · feld wiese · campo prado · 野原 畑
    village · dorf · pueblo aldea · 村
    road · straße weg pfad · camino carretera · 道
    sea · meer see ozean · mar océano · 海
    waves · wellen welle · olas ola · 波
    harbour · hafen · puerto · 港
    beach · strand · playa · 浜 砂浜
    island · insel · isla · 島
    boat · boot schiff segelboot · barco barca velero · 舟 船 ヨット
    river · fluss bach · río arroyo · 川
    lake · teich weiher · lago laguna · 湖 池
    city · stadt großstadt · ciudad · 街 都市 町
    street · gasse · calle · 通り
    skyline · skyline · rascacielos · 摩天楼
    forest · wald wälder · bosque selva · 森 林
    tree · baum bäume eiche · árbol árboles roble · 木
    fir · tanne fichte tannen · abeto pino · 松 樅
    flower · blume blüte · flor · 花
    flowers · blumen blüten tulpen · flores tulipanes · 花畑
    garden · garten · jardín · 庭
    rose · rose rosen · rosa rosas · 薔薇
    desert · wüste · desierto · 砂漠
    dunes · dünen · dunas · 砂丘
    fire · feuer flamme flammen lagerfeuer · fuego llama hoguera · 火 炎
    candle · kerze kerzen · vela velas · 蝋燭 ろうそく
    space · weltall weltraum all kosmos · espacio universo cosmos · 宇宙
    planet · planet planeten · planeta · 惑星
    galaxy · galaxie milchstraße · galaxia · 銀河
    music · musik · música · 音楽
    song · lied lieder · canción canciones · 歌
    piano · klavier · piano · ピアノ
    guitar · gitarre · guitarra · ギター
    love · liebe · amor · 愛 恋
    heart · herz herzen · corazón corazones · 心 ハート
    roof · dach dächer · tejado techo · 屋根
    house · haus häuser hütte · casa casas cabaña · 家
    cat · katze kater kätzchen katzen · gato gata gatos gatito · 猫 ねこ ネコ
    fish · fisch fische · pez peces pescado · 魚
    whale · wal wale · ballena · 鯨 くじら クジラ
    mushroom · pilz pilze · seta hongo setas · 茸 きのこ
    coffee · kaffee · café · 珈琲 コーヒー
    tea · tee · té · 茶
    cup · tasse becher · taza · 湯呑 カップ
    lighthouse · leuchtturm · faro · 灯台
    balloon · ballon heißluftballon · globo · 気球 風船
    umbrella · regenschirm schirm · paraguas · 傘
    book · buch bücher · libro libros · 本
    key · schlüssel · llave · 鍵
    owl · eule uhu · búho lechuza · 梟 ふくろう
    rabbit · hase kaninchen · conejo liebre · 兎 うさぎ
    snail · schnecke schnecken · caracol caracoles · かたつむり
    butterfly · schmetterling falter · mariposa · 蝶
    bicycle · fahrrad rad · bicicleta bici · 自転車
    train · zug eisenbahn dampflok · tren · 電車 汽車 列車
    dream · traum träume · sueño sueños · 夢
    paper · papier · papel · 紙
    letter · brief · carta · 手紙
    gold · gold golden · oro dorado · 金
    ink · tinte · tinta · 墨
    wine · wein · vino · 葡萄酒
    house · zuhause · hogar · 我が家
"""
_OTHER_FORMS = {
    **dict.fromkeys(("cats", "kitten", "kittens", "kitty"), "cat"),
    **dict.fromkeys(("bicycles", "bike", "bikes"), "bicycle"),
    **dict.fromkeys(("ship", "ships", "sailboat", "boats", "sail", "yacht"), "boat"),
    **dict.fromkeys(("whales",), "whale"),
    **dict.fromkeys(("fishes", "goldfish", "herring"), "fish"),
    **dict.fromkeys(("houses", "cottage", "hut", "cabin", "home"), "house"),
    **dict.fromkeys(("mushrooms", "toadstool"), "mushroom"),
    **dict.fromkeys(("mug", "teacup", "espresso", "cappuccino"), "cup"),
    **dict.fromkeys(("umbrellas", "parasol"), "umbrella"),
    **dict.fromkeys(("owls",), "owl"),
    **dict.fromkeys(("rabbits", "bunny", "hare", "bunnies"), "rabbit"),
    **dict.fromkeys(("snails", "slug"), "snail"),
    **dict.fromkeys(("butterflies", "moth", "moths"), "butterfly"),
    **dict.fromkeys(("trains", "locomotive", "railway"), "train"),
    **dict.fromkeys(("books", "novel", "library"), "book"),
    **dict.fromkeys(("keys",), "key"),
    **dict.fromkeys(("balloons",), "balloon"),
    **dict.fromkeys(("sparrow", "robin", "blackbird", "wren", "crow", "raven"), "bird"),
    **dict.fromkeys(("candles",), "candle"),
    **dict.fromkeys(("guitars", "ukulele"), "guitar"),
}


def _read() -> tuple[dict[str, str], dict[str, str]]:
    spoken: dict[str, str] = {}
    unspaced: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        english, german, spanish, japanese = (it.split() for it in line.split("·"))
        spoken |= dict.fromkeys((*german, *spanish), english[0])
        unspaced |= dict.fromkeys(japanese, english[0])
    return spoken, unspaced


_SPOKEN, _UNSPACED = _read()


def words_of(prompt: str) -> list[str]:
    """The words of a prompt in small letters, each known one of another language followed by its
    English.
    """
    plain = unicodedata.normalize("NFC", prompt.casefold())
    found: list[str] = []
    for word in _WORD.findall(plain):
        found.append(word)
        if word in _SPOKEN:
            found.append(_SPOKEN[word])
    inside = [(plain.index(it), it) for it in _UNSPACED if it in plain]
    return [*found, *(_UNSPACED[it] for _, it in sorted(inside))]


def named(words: Sequence[str], known: Sequence[str]) -> str | None:
    """The first word that is one of those known, or another form of one."""
    for word in words:
        key = _OTHER_FORMS.get(word, word)
        if key in known:
            return key
    return None

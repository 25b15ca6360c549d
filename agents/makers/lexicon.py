"""The small English word lists by which makers tell what a word does in a sentence."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    """
    a an the this that these those my your his her its our their every each some any no all both
    another either neither many few several whose which what such enough
    """
)
PREPOSITIONS = _words(
    """
    of in on at by for with without from into onto over under above below beneath beside besides
    between among amid against along across around round behind before after during through
    throughout toward towards until till upon within beyond near past like unlike despite except
    inside outside underneath about than as to per via since atop
    """
)
PARTICLES = _words(
    """
    up down out off away back in on over along through by around
    """
)
CONJUNCTIONS = _words(
    """
    and but or nor so yet because although though while when whenever where wherever if unless
    whether how why that
    """
)
SUBJECTS = _words(
    """
    i you he she it we they who there
    """
)
OBJECTS = _words(
    """
    me him us them nobody somebody anybody everybody everyone someone anyone nothing something
    anything everything none mine yours ours theirs hers myself yourself himself herself itself
    ourselves themselves
    """
)
AUXILIARIES = _words(
    """
    am is are was were be been being do does did have has had having will would shall should can
    could may might must cannot ought i'm you're he's she's it's we're they're i've you've we've
    they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll it'll we'll they'll isn't
    aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't shan't shouldn't
    can't couldn't mustn't that's there's what's who's here's let's not
    """
)
ADVERBS = _words(
    """
    again now then here there still always never almost only just too very already soon often seldom
    once twice ever even quite rather perhaps maybe together apart alone forever today tomorrow
    yesterday tonight everywhere nowhere somewhere anywhere home indoors outdoors upstairs
    downstairs ago later instead otherwise well far away else abroad aloud ahead afterwards
    further farther closer sometimes anyway somehow meanwhile inside outside
    """
)
ADJECTIVES = _words(
    """
    old new young small little big large great long short high low deep wide narrow thin thick cold
    warm hot cool dry wet damp soft hard heavy light dark bright pale dim quiet loud silent still
    slow quick fast early late empty full open shut broken whole wild tame sweet bitter sour sharp
    blunt clear clean dirty white black red green blue yellow brown grey gray golden silver purple
    orange pink good bad better best worse worst same other different own last first next second
    third only single double half few many more most less least such tiny huge vast round square
    flat steep straight crooked strange odd kind gentle rough smooth strong weak rich poor ripe raw
    fresh stale sad happy glad angry tired sleepy hungry thirsty blind deaf mute dead alive distant
    far near hidden lost found secret sudden plain simple true false right wrong left bare naked
    brave shy proud humble lonely lovely friendly holy tall hollow shallow cheap dear precious free
    busy ready ordinary enough velvet wooden tin iron stone paper glass copper brass human mortal
    certain sure able unable afraid aware fine nice pretty ugly beautiful perfect bored curious
    electric drunk solemn faint frozen molten rusty dusty foggy rainy sunny windy cloudy snowy misty
    salty mossy muddy sandy stormy starry moonlit unfinished unknown untold invisible
    """
)
VERBS = _words(
    """
    am sings sang sung goes went gone go comes came come gets got get makes made make takes took
    taken take gives gave given give keeps kept keep lets let finds find knows knew known know
    thinks thought think says said say tells told tell asks asked ask hears heard hear sees saw seen
    see looks looked look feels felt feel holds held hold brings brought bring leaves left leave
    stays stayed stay waits waited wait becomes became become begins began begun begin ends ended
    grows grew grown grow gather gathers gathered forgets forgot forgotten forget remembers
    remembered remember learns learned learnt learn teaches taught teach reads read writes wrote
    written write speaks spoke spoken speak sits sat sit stands stood stand lies lay lain runs ran
    run walks walked falls fell fallen rises rose risen arrives arrived arrive returns returned
    opens opened closes closed shuts breaks broke broken carries carried carry drives drove drinks
    drank eats ate eaten eat flies flew flown burns burned burnt shines shone glows glowed hums
    hummed hangs hung hang hides hid breathes breathed breathe wakes woke wake sleeps slept dreams
    dreamed dreamt loves loved wants wanted want needs needed likes liked tries tried try seems
    seemed seem means meant mean happens happened happen turns turned moves moved plays played works
    worked listens listened listen wonders wondered believes believed believe follows followed
    follow leads led loses lost lose counts counted pulls pulled pushes pushed throws threw thrown
    catches caught catch draws drew drawn paints painted builds built build sends sent send pays
    paid pay buys bought buy sells sold sell meets met meet calls called puts put set sets cuts cut
    hits hit hurts hurt lends lent lend spends spent spend wears wore worn wear tears tore torn
    swims swam swum swim blows blew blown freezes froze freeze melts melted melt drifts drifted
    drips dripped pours poured pour spills spilled whispers whispered sighs sighed weeps wept weep
    laughs laughed smiles smiled cries cried lingers lingered linger trembles trembled tremble
    wanders wandered wander vanishes vanished vanish fades faded fade floats floated float sinks
    sank sunk rocks rocked leans leaned lean rests rested knocks knocked rings rang rung answer
    answers answered does swallow belong belongs belonged appear appears appeared disappear
    disappears disappeared forgive forgives forgave forgiven borrow borrows borrowed repeat repeats
    repeated refuse refuses refused insist insists insisted bloom blooms bloomed unfold unfolds
    unfolded dissolve dissolves dissolved live lives lived die dies died choose chooses chose chosen
    fold folds folded explain explains explained pretend pretends pretended promise promised
    promises
    """
)
NOUN_OR_VERB = _words(
    """
    rain rains drum drums light lights sleep dream wind turn turns walk fall rise fly burn shine
    glow hum love need like move play work wonder lead count pull push throw draw paint call cut hit
    cry laugh smile sigh whisper drift drip spill rock rest knock ring step steps shadow shadows
    flower flowers water waters snow snows thunder storm name names song echo echoes mirror mirrors
    dance dances dust sound sounds touch kiss kisses hope hopes fear fears ache aches cloud clouds
    ripple ripples flash flicker spark sparks climb cross crosses swing swings drop drops march
    scratch stitch thread threads heart crack cracks wave waves sail sails anchor anchors plant
    plants seed seeds root roots smoke smokes taste smell watch watches clock clocks wash tick ticks
    beat beats pulse pause pauses start starts stop stops end return drink drive hurt swallow
    swallows spring springs leave leaves spell spells tear tears wake wakes bow bows blanket
    blankets
    """
)
IMAGES = _words(
    """
    rain roof tin night song key gutter drum sea wave waves ocean river stream lake pond harbour
    harbor shore beach sand salt tide boat boats ship sail anchor island bridge road street lane
    path alley corner city town village house home door doors window windows wall walls floor stairs
    kitchen table chair bed lamp candle candles mirror clock cup spoon bowl bread milk honey apple
    apples orange lemon plum plums pear cherry tea coffee wine water glass stone stones rock hill
    hills mountain mountains valley field fields meadow garden grass moss fern leaf leaves tree
    trees forest wood woods root roots branch branches bark seed seeds flower flowers rose roses
    lily tulip poppy petal petals thorn orchard wheat corn hay bee bees moth moths butterfly ant
    ants spider web bird birds crow crows sparrow gull gulls owl swan heron feather feathers wing
    wings egg eggs nest fish whale fox wolf deer horse horses dog dogs cat cats mouse snail frog
    hare bear sky cloud clouds storm thunder lightning wind snow frost ice hail fog mist dew sun
    moon star stars planet comet dawn dusk morning evening midnight noon winter spring summer autumn
    april october november shadow shadows light dark darkness fire flame flames smoke ash ashes
    ember embers dust rust gold silver copper iron bone bones blood heart hearts hand hands finger
    fingers eye eyes mouth tongue lip lips ear ears hair skin breath voice face knee knees shoulder
    foot feet child children mother father sister brother grandmother grandfather friend stranger
    lover ghost angel king queen thief sailor baker letter letters word words book books page pages
    paper ink pen pencil map photograph picture painting colour color blue green red white black
    music bell bells piano violin guitar string strings radio record dance dream dreams sleep
    silence echo whisper laugh tear tears kiss train trains station ticket bus car bicycle wheel
    wheels engine plane balloon kite ball coat shoe shoes hat glove gloves button buttons pocket
    pockets thread needle scarf dress ribbon ring ladder fence gate garage attic cellar market
    church tower castle lighthouse theatre cinema circus carousel museum library school telephone
    screen wire wires neon puddle puddles umbrella umbrellas snowflake icicle avalanche galaxy
    satellite rocket universe crater horizon dune desert oasis cactus jungle tiger lion elephant
    parrot moonlight sunlight starlight rainbow drizzle pillow blanket curtain curtains doorstep
    threshold keyhole suitcase postcard envelope stamp teapot kettle oven soup pepper basil thyme
    mint lavender
    """
)
BLAND = _words(
    """
    thing things way ways lot lots kind sort stuff bit part case fact point issue example number
    people person guy guys time times etc ok okay yeah yes really actually basically literally
    update post posts link links comment comments lol btw
    """
)
HARSH = _words(
    """
    kill kills killed killing die dies died dead death murder hate hates hated stupid idiot idiots
    ugly fat disgusting rape suicide nazi damn hell crap bitch bastard whore slut fuck fucks fucked
    fucking shit shitty ass asshole dick cock pussy porn sex naked blood bomb gun shoot shot
    """
)
PLURAL_DETERMINERS = _words(
    """
    these those many few several both all
    """
)
SINGULAR_DETERMINERS = _words(
    """
    a an this that every each another either neither
    """
)
NUMBERS = _words(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty
    forty fifty sixty hundred thousand million january february march april may june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday
    """
)
MASS = _words(
    """
    rain snow water light music sleep silence dust salt sand milk honey bread tea coffee wine ink
    smoke ash rust gold silver tin iron glass paper fire air ice frost fog mist thunder lightning
    moonlight sunlight starlight darkness breath blood grass moss wheat corn hay love hope fear time
    home school bed town night noon midnight dawn dusk morning winter spring summer autumn
    """
)
VAGUE = _words(
    """
    same other own such more most last next certain sure able half few many
    """
)

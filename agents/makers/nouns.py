"""The little English dictionary of S+7: things one can picture, in the order of the alphabet.

Made for Jamfeed. The smaller the dictionary, the farther the seventh noun is from the first.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split()))


NOUNS = _words(
    """
    abacus accordion acorn acrobat admiral aeroplane airport album alchemist alligator almanac
    almond alphabet ambulance anchor angel ankle ant anteater antenna antique anvil apple
    apricot apron aquarium arch archer arena armadillo armchair arrow artichoke ash asparagus
    astronaut atlas attic aunt avalanche avocado axe baboon baby backpack badge badger bagel
    bagpipe baker balcony ballad ballerina balloon bamboo banana bandage banjo bank banner
    barbecue barber barn barometer barrel basement basil basket bassoon bat bath beach beacon
    beak bean bear beard beaver bed bee beetle beetroot bell bench berry bicycle bird biscuit
    bison blanket blender blizzard blossom blueberry boat bobbin bonfire bonnet book bookshelf
    boot bottle boulder bouquet bow bowl box bracelet brass bread brick bridge broccoli broom
    brother bubble bucket buffalo bugle bull bungalow bus butcher butler butter butterfly button
    cabbage cabin cactus cake calculator calendar camel camera canal canary candle cannon canoe
    canyon captain caramel caravan cardigan carnival carousel carpenter carpet carrot cart
    cartoon castle cat catapult caterpillar cathedral cauliflower cave ceiling celery cellar
    cello chair chalk champion chandelier chapel charcoal cheese cherry chess chestnut chicken
    chimney chimpanzee chisel chocolate choir church cider cigar cinema cinnamon circus clarinet
    cliff clock cloud clover clown coach coal coat cobweb coconut coffee coin collar comb comet
    compass concert cookie copper cork corn corridor cottage cotton couch cough cousin cow
    cowboy crab cradle crane crater crayon cricket crocodile crow crown crumb crystal cuckoo
    cucumber cup cupboard curtain cushion cyclone cymbal daffodil dagger dairy daisy dancer
    dandelion dawn deer dentist desert desk dessert detective diamond diary dictionary dinosaur
    diploma disco doctor dolphin domino donkey door doorbell dough doughnut dove dragon
    dragonfly drawer dream dress drum duchess duck dumpling dune dungeon dust duvet eagle ear
    earring earthquake echo eclipse eel egg elbow elephant elevator elf ember emerald emperor
    envelope escalator espresso eyebrow eyelash fable fairy falcon fan farm farmer faucet
    feather fence fern ferry festival fiddle field fig finger fire firefly fireplace fish flag
    flame flamingo flannel flea flood floor flour flower flute fog forest fork fortress fountain
    fox freckle freezer frog frost fruit funeral fur gallery garage garden gargoyle garlic gate
    gazelle gecko genie geranium geyser ghost giant ginger giraffe glacier glass glove glue goat
    goblin gold goldfish gondola goose gorilla gospel grandfather grandmother grape grapefruit
    grass grasshopper gravy greenhouse grocer guitar gull gum gymnast hail hair haircut
    hairdresser ham hamburger hammer hammock hamster handkerchief harbour hare harmonica harp
    harvest hat hawk hay hazelnut headlight heart heaven hedge hedgehog heel helicopter helmet
    hen herring hill hippopotamus honey honeymoon hood hoof hook horizon horn horse hospital
    hotel hourglass house hurricane hyena ice iceberg icicle igloo iguana infant ink inn insect
    iris iron island ivory ivy jacket jaguar jam jar jasmine jaw jazz jelly jellyfish jester
    jewel jigsaw judge juggler juice jukebox jungle kangaroo kayak kettle key keyhole king
    kingdom kiosk kiss kitchen kite kitten knee knife knight knot koala label laboratory lace
    ladder ladle ladybird lagoon lake lamb lamp lantern larder lark lasso laundry lavender lawn
    lawnmower leaf leather lemon lemonade lentil leopard letter lettuce library lighthouse
    lightning lily lime limousine lion lip lizard llama lobster locket locomotive lollipop
    lullaby lunch lute macaroni machine magician magnet magpie maid mailbox mammoth mandolin
    mango manor mansion map marathon marble marmalade marmot mask mattress maze meadow medal
    melon mermaid meteor microphone midnight milk mill mirror mist mitten mole monastery monk
    monkey monsoon monster moon moonlight moose mop mosquito moss motel moth mother mountain
    mouse moustache mouth mud muffin mule mummy muscle museum mushroom musician mussel mustard
    nail napkin neck necklace needle neighbour nephew nest net newspaper nightgown nightingale
    noodle nose notebook nun nurse nut oak oar oasis oboe ocean octopus olive omelette onion
    opera orange orchard orchestra orchid organ ostrich otter oven overcoat owl ox oyster
    padlock pagoda paint pancake panda panther paper parachute parade paradise parakeet parcel
    park parrot parsley parsnip pasta pastry path pea peach peacock peanut pear pearl pebble
    pelican pencil pendulum penguin pepper perfume phantom pharmacist pheasant phonebox
    photograph pianist piano pickle picnic pie pigeon pillow pilot pineapple pipe pirate pizza
    planet plank plate platypus plum plumber pocket poem poet polka pomegranate pond pony
    popcorn porcupine porridge postcard postman pot potato pottery prince princess prune pudding
    puddle puffin pulpit pumpkin puppet puppy purse puzzle pyramid python quail quarry queen
    quill quilt quiz rabbit raccoon radiator radio radish raft railway rain rainbow raincoat
    raisin raspberry rat raven razor refrigerator reindeer rhinoceros rhubarb ribbon rice ring
    river road robin robot rocket roof room rooster root rope rose rowboat ruby rug ruler rum
    saddle sail sailor salad salamander salmon salt samba sand sandal sandwich sapphire sardine
    satellite saucepan saucer sauna sausage saxophone scarecrow scarf school scorpion screw
    sculptor sea seagull seahorse seal seed shadow shampoo shark shed sheep shell shepherd
    sheriff ship shirt shoe shoelace shop shovel shower shrimp siren sister skeleton ski skirt
    skull sky skyscraper slipper sloth snail snake snow snowflake snowman soap sock sofa soldier
    song soufflé soup spaceship spaghetti sparrow spider spinach spoon spring squid squirrel
    stable staircase star starfish station statue steam steeple stocking stone stork storm stove
    stranger straw strawberry street string submarine sugar suitcase sultan summer sun sunflower
    sunset swallow swan sweater swimmer swing syrup table tadpole tailor tambourine tangerine
    tango tank tap taxi tea teacher teapot telegram telephone telescope temple tent termite
    theatre thermometer thief thimble thistle thread throne thumb thunder ticket tide tiger
    timetable tin toad toast toaster toboggan toilet tomato tombstone tongue tooth toothbrush
    torch tornado tortoise toucan towel tower town toy tractor train trampoline treasure tree
    trombone trophy truffle trumpet trunk tuba tugboat tulip tunnel turban turkey turnip turtle
    tuxedo twig typewriter umbrella uncle unicorn uniform universe valley vampire vase vegetable
    veil velvet verb village vine vinegar violet violin volcano vulture waffle wagon waist
    waiter wall wallet walnut walrus waltz wardrobe wasp watch water waterfall watermelon wave
    wax weasel weather wedding weed whale wheat wheel wheelbarrow whisker whisky whisper whistle
    widow wig wind windmill window wine wing winter witch wizard wolf woman wombat wood
    woodpecker wool worm wreath wrist xylophone yacht yak yeast yo-yo yoghurt zebra zeppelin zip
    zoo zucchini
    """
)

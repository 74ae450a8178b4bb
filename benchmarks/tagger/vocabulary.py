"""Ordinary English words and the sentences made of them, written for this generator."""

from typing import Final

NOUNS: Final = tuple(
    """
    account actor address advice agent airport album alarm answer apple appointment area army arm article
    attempt audience aunt autumn baby bag ball band bank bath battery beach bean bear bed beer bell
    bicycle bill bird birthday blanket blood boat body bone book border boss bottle box boy branch bread
    breakfast bridge brother bucket budget building bus business butter button cabin cake camera campus
    candle car card career carpet case castle cat chain chair chance chapter charge cheese chef chicken
    child choice chorus church cinema circle city claim class clock cloud club coach coat coffee collar
    college colour comment company concert contract cook copy corner cost couch country couple course
    court cousin cover cow credit crew crime crowd culture cup curtain customer dance date daughter day
    deal death debt decision degree dentist deposit desert desk detail device diary dinner director
    dish doctor dog door dream dress drink driver drum duck dust duty ear earth edge editor egg election
    engine engineer enemy evening exam example exit eye face factory failure fall family farm farmer
    fashion father feather fee fence festival fever field fight film finger fire fish flag flat flight
    floor flower fog food foot forest fork form friend front fruit garage garden gate ghost gift girl
    glass glove goal goat gold grade grandmother grass group guest guide guitar gun hair hall hammer
    hand harbour hat head health heart heat heaven hero hill hobby hole holiday home honey hope horse
    hospital hotel hour house husband ice idea illness image income index infant insurance invoice
    island issue jacket jail jazz job joke journey judge juice jury key kid king kitchen knee knife
    lab lad ladder lake lamp land language laptop law lawn lawyer leader leaf leg lemon lesson letter
    library licence life light line lion list loan lock loss lottery love luck lunch machine magazine
    mail man manager map market marriage master match meal meat medicine meeting melody member memory
    message metal milk mind mine minister minute mirror mistake mobile money monkey month moon morning
    mother mountain mouse mouth movie museum music musician nail name nation neck neighbour nephew net
    news night noise nose note novel number nurse ocean offer office oil onion opera option orange order
    owner page pain painter pair palace pan paper parcel parent park parking partner party passenger
    passport past path patient payment peace pen pencil people pepper person phone photo pianist piano
    picture piece pig pill pilot pizza place plane plant plate platform player pocket poem poet police
    pond pool port post potato pound power present president price prince princess printer prison prize
    problem producer professor profit project property pub pupil queen question queue radio rain
    receipt record recipe refund rent report rescue restaurant result rice ring river road robot rock
    roof room root rope rose route rule salad salary sale salt sand sauce school science score screen
    sea seat secret secretary sense server service shadow shape share sheep sheet shelf ship shirt shoe
    shop shoulder shower sign signal silver singer single sister site skin sky sleep smile smoke snow
    soap soldier son song sound soup space spoon sport spring square staff stage stair star state
    station statue stone store storm story stranger street student studio suit summer sun supper surgeon
    table tail tale talk task tax taxi tea teacher team telephone tenant tent test theatre thief ticket
    tie tiger tooth topic towel tower town toy track trade traffic train transfer tree trial trip truck
    tune uncle union university van vegetable verse victim view village violin visit visitor voice vote
    waiter wall wallet war warning watch water wave weather wedding week weekend wheel wife wind
    window wine winner winter witness woman wood word work worker writer year zoo antelope gender riff
    guardian employee salaryman fruitcake thriller sequel soundtrack masterpiece lyrics riddle sitcom
    """.split()
)
ADJECTIVES: Final = tuple(
    """
    able afraid alone amazing ancient angry annual average aware awful bad beautiful big bitter black
    blind blue bold boring brave brief bright broken brown busy calm careful cheap clean clear clever
    cold common complete cool cruel curious dangerous dark dead deaf deep depressing different difficult
    dirty dry dull early easy empty endless entire everyday exact excellent expensive fair false famous
    fast fat few final fine first flat foreign formal former free french frequent fresh friendly full
    funny gentle german giant glad global good gray great green guilty happy hard healthy heavy high
    holy honest hot huge hungry ill important impulsive innocent international italian jealous joint
    keen kind large last late lazy legal light likely little local lonely long loose lost loud low
    lucky mad main major married mean medical mental mild minor missing modern musical narrow nasty
    native natural nervous new nice noisy normal obvious odd official old only open orange ordinary
    original other pale past perfect personal pink plain polite poor popular pregnant present pretty
    previous private proud public pure quick quiet random rare raw ready real recent red regular rich
    right rough royal sad safe same scared secret senior separate serious shallow sharp short shy sick
    silent silly similar simple single slow small smart smooth soft solid sour spanish special spare
    strange strict strong stupid sudden sunny sure sweet tall thick thin tight tiny tired total tough
    true ugly unable unemployed unique usual vast violent warm weak weird welcome well wet white whole
    wide wild wise wonderful wrong yellow young
    """.split()
)
PAST: Final = tuple(
    """
    accepted added admired agreed announced answered appeared argued arrived asked attacked attended
    avoided baked became began believed blamed borrowed bought broke brought built called came cancelled
    carried caught changed chose claimed cleaned climbed closed collected complained composed cooked
    counted covered cried damaged danced decided defended delivered described designed died directed
    discovered discussed dropped drove earned ended enjoyed entered escaped explained failed fell felt
    finished fixed followed forgot fought found founded gave grew guessed hated heard held helped hid
    hired hoped ignored improved introduced invented invited joined kept killed kissed knew laughed
    learned left lent liked listened lived looked lost loved made managed married met mentioned missed
    moved needed noticed offered opened ordered owned packed paid painted passed performed picked
    planned played praised prepared produced promised proposed published pulled pushed quit raised ran
    reached read received recorded refused released remembered repaired repeated replaced replied
    reported resigned returned reviewed rode ruined said sailed sang saved saw scored sent served shared
    shot shouted showed signed slept smiled sold solved spent spoke stayed stole stood stopped studied
    suggested supported swam talked taught thanked thought threw told took touched translated travelled
    tried turned understood used visited voted waited walked wanted warned washed watched wished won
    wondered wore worked worried wrote yelled influenced questioned debated arrested sentenced
    """.split()
)
BASE: Final = tuple(
    """
    accept activate add ask bake block book borrow bring build buy call cancel carry change charge check
    choose clean close collect come confirm cook copy deliver delete dispute drop enter explain extend
    find finish fix forget forward get give go help hold increase install join keep know learn leave lend
    limit list look lose lower make meet mention miss move need offer open order pack pay pick plan play
    print receive renew repair replace reply report request reset return review save see sell send serve
    share show sign speak start stay stop study take talk teach tell test thank track transfer try turn
    unblock understand update use verify visit wait walk want warn wash watch withdraw write
    """.split()
)
ADVERBS: Final = (
    "again", "ago", "almost", "already", "always", "away", "back", "eventually", "everywhere",
    "finally", "forever", "here", "immediately", "in the end", "in the morning", "instead", "last night",
    "last week", "last year", "later", "maybe", "never", "next month", "next time", "nowadays", "now",
    "often", "on time", "once", "outside", "perhaps", "probably", "quickly", "quite a bit", "rarely",
    "really", "right away", "slowly", "sometimes", "soon", "still", "there", "this morning",
    "this week", "today", "together", "tomorrow", "tonight", "too", "twice", "upstairs", "usually",
    "without delay", "yesterday", "for years", "for good", "in time", "by mistake", "after all",
)  # fmt: skip
SUBJECTS: Final = (
    "i", "I", "we", "they", "she", "he", "it", "you", "someone", "nobody", "everybody", "both",
    "the {noun}", "my {noun}", "our {noun}", "your {noun}", "his {noun}", "her {noun}", "their {noun}",
    "this {noun}", "that {noun}", "a {noun}", "the {adj} {noun}", "the {noun} of the {noun}",
    "every {noun}", "no {noun}", "the {noun} and the {noun}", "some {noun}s", "most {noun}s", "{noun}s",
    "these {noun}s", "the band", "the police", "customers", "people",
)  # fmt: skip
PREDICATES: Final = (
    "{past} the {noun}", "{past} a {adj} {noun}", "{past} {adv}", "{past} about the {noun}",
    "{past} for the {noun}", "was {adj}", "is {adj}", "are {adj}", "was the {adj} {noun} of the {noun}",
    "has {past} the {noun} {adv}", "had never {past} such a {noun}", "will {base} the {noun}",
    "will {base} {adv}", "would {base} a {noun} for the {noun}", "can't {base} the {noun}",
    "should {base} the {noun} {adv}", "has been {past} by a {noun}", "was {past} in the {noun}",
    "{past} in the {noun} as a {noun}", "is a {adj} {noun}", "has a {noun}", "likes {noun}s and {noun}s",
    "wants to {base} the {noun}", "needs a {noun}", "{past} {num} {noun}s", "is {num} {noun}s old",
    "grew up with a {noun}", "is looking for a {adj} {noun}", "got the {noun} from the {noun}",
    "lives near the {noun}", "works as a {noun}", "sings about {noun}s", "has no {noun} left",
    "spent {num} years at the {noun}", "was sentenced to {num} years", "did not {base} the {noun}",
    "turned out to be the {noun}", "is one of the best {noun}s in years", "told us to {base} the {noun}",
    "used to {base} {noun}s", "had to {base} a {noun} {adv}", "{past} at the {noun} and {past} {adv}",
    "makes the {noun} {adj}", "becomes {adj} {adv}", "goes to the {noun} {adv}",
)  # fmt: skip
PHRASES: Final = (
    "{subject} {predicate}", "{subject} {predicate}", "{subject} {predicate}",
    "{subject} {predicate} and {subject} {predicate}", "{subject} {predicate}, but {subject} {predicate}",
    "{subject} {predicate} because {subject} {predicate}", "when {subject} {predicate}, {subject} {predicate}",
    "if {subject} {predicate}, please {base} the {noun}", "can you {base} the {noun}",
    "could you please {base} my {noun} {adv}", "i want to {base} my {noun}", "how do I {base} the {noun}",
    "what is the {noun} for my {noun}", "why was my {noun} {past}", "where is the {adj} {noun}",
    "is there a {adj} {noun} on this {noun}", "who {past} the {noun}", "when will i get a new {noun}",
    "do you {base} {noun}s", "please {base} the {noun} {adv}", "{base} the {noun} and {base} the {noun}",
    "we are proud {noun}s", "thanks for the {adj} {noun}", "not {adj} enough", "a {noun} with {noun}s",
    "the {noun} you {past} {adv}", "one of the most {adj} {noun}s", "as {adj} as a {noun}",
    "{noun}, {noun} and {noun}", "no {noun} without a {noun}", "so {adj}", "all the {noun}s",
    "the {noun} is out for {num} days", "{adj} {noun}", "{noun} {noun}", "{base} {noun}",
    "I have {past} a {noun} online but {subject} {predicate}", "don't {base} the {noun}",
    "let's {base} it {adv}", "is it {adj} to {base} a {noun}", "there are {num} {noun}s in the {noun}",
    "the {noun} that {subject} {past}", "{subject} {predicate} ({noun}s and {noun}s)",
    "it's the {noun}'s {noun}", "what {subject} {past} was a {noun}, not a {noun}", "ok {adv}",
    "lol {subject} {predicate}", "omg the {noun}", "sorry i {past} the {noun}", "yeah {predicate}",
)  # fmt: skip
SMALL_TALK: Final = tuple(
    """
    ok|sure|yes please|no thanks|on my way|be right back|see you there|sounds good|will do|got it|lgtm|
    any news?|what's up?|not yet|me too|good night|happy birthday!|congrats!|well done|call me|i'm late|
    no problem|never mind|let me check|one moment|working from home|out of office|thank you so much|
    you're welcome|what a day|take care|have a nice weekend|long time no see|talk later|good luck|
    standup in five|can't hear you|you are muted|sharing my screen|meeting moved|lunch?|coffee?|
    the build is green|tests are flaky|please review|merged|shipped it|rolled back|on call this week|
    may i ask|will you be there|grant access please|mark it as done|bill me later|rob a bank|sue them|
    frank words|pat on the back|a faith in people|hope so|joy to the world|grace period|dawn of time|
    ruby on rails|amber light|jack of all trades|penny wise|chase the bus|drew a line|dean of the faculty|
    hunter gatherer|a cooper makes barrels|baker street pastry|the carpenter came|miller time|
    the mason laid bricks|fisher price|the page loads|a rich text|max width|art class|iris scan|basil leaves
    """.replace("\n", "").split("|")
)
TECHNICAL: Final = tuple(
    """
    admin agenda alias archive array arp attachment audit backend backlog backup badge bandwidth banner baseline batch
    benchmark binary bios bookmark boot branch breakpoint browser bucket buffer bug build byte cache callback certificate
    changelog chart checklist checkout checksum chip chmod client clipboard cluster codec column commit compiler config
    connector console container cookie crash cron cursor daemon dashboard database dataset deadline debug deploy desktop
    diff disk dns docker download draft driver dump endpoint env epic ethernet event exception export feature feed
    fetch field filter firewall firmware flag folder font fork frontend gateway git grep handler hash header heap helm
    hook host hotfix icon import inbox index init input installer interface invite issue job json kernel keyboard
    keyword label laptop latency layout ledger library link linter listener loader locale log login logout loop macro
    maintenance memory menu merge metric middleware migration milestone mirror module monitor mount network newsletter
    node notebook notification offline onboarding outage output override package padding parser partition password
    patch payload payroll permission pilot ping pipeline pixel plugin pointer polling popup port postmortem prefix
    preview process profile prompt protocol proxy pull push query queue quota reboot rebase recovery redirect refactor
    refund registry release reminder renewal repo request resolver restore retro retry review rollback rollout rotate
    route router runtime sample sandbox scanner scheduler schema scope script sensor server session shard shell
    shipment shortcut signup snapshot socket spec sprint staging standup startup storage stream string subnet suffix
    summary support survey switch sync syntax tab table tablet tag task template terminal thread throttle thumbnail
    ticket timeout timer timestamp toggle token toolbar topic tracker traffic trigger tunnel tutorial update upgrade
    upload uptime url usage vendor version viewer volume warehouse warranty webhook widget wifi wiki window wizard
    worker workflow workspace wrapper zip
    """.split()
)
FUNCTION_WORDS: Final = tuple(
    """
    he she it you we they his her its our your their this that these those here there where when why how what who
    which while if as and or but so because since until although though yes no not never maybe please also just even
    still again then than after before during between within without against about above below under over through
    every each both either neither some any many much more most other another such same own only very too quite
    pedestrians passengers visitors customers residents readers tales stories wisdom treaty devil orchestra
    """.split()
)
COUNTING: Final = tuple(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty hundred
    thousand million first second third fourth fifth sixth seventh eighth ninth tenth once twice half quarter dozen alpha
    beta gamma delta epsilon sigma omega foo bar baz qux lorem ipsum dolor eins zwei drei vier un deux trois uno dos tres
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi
    lunes martes miércoles jueves viernes lunedì martedì mercoledì giovedì venerdì januar februar märz mai juni juli
    oktober dezember janvier février mars avril juin juillet août septembre octobre enero febrero marzo abril mayo junio
    """.split()
)

"""Words that are too common to tell anything: stop words of themes, and names that are also words."""

from __future__ import annotations

# Closed classes of English: articles, pronouns, prepositions, conjunctions, auxiliaries and their like, after
# the Snowball stop list (Porter 2001), which keeps words with content that longer lists drop (Nothman, Qin
# and Yurchak 2018: "call", "describe", "system").
_FUNCTION_WORDS = """
a about above after again against ain all almost also although always am among an and another any anybody
anyone anything are aren around as at away back be became because become been before being below between
both but by came can cannot come could couldn did didn do does doesn doing don done down due during each
either else enough etc even ever every everybody everyone everything few first for from further get gets
getting give given gives go goes going gone got had hadn has hasn have haven having he her here hers herself
him himself his how however i if in instead into is isn it its itself just last least less let like ll lot
made make makes making many may maybe me might mine more most much must my myself need needn never no nobody
none nor not nothing now of off often on once one only onto or other others our ours ourselves out over own
per perhaps please put quite rather re really s said same saw say see seem seems seen several shall she
should shouldn since so some somebody someone something sometimes soon still such t take taken than that the
their theirs them themselves then there these they thing things this those though through thus to together
too toward towards two under until up upon us use used using ve very via want wants was wasn way we well
went were weren what when where whether which while who whom whose why will with within without won would
wouldn yet you your yours yourself yourselves
"""

# What answers about professional learning are made of, and what stands in name fields without being a name.
_COMMON_HERE = """
activity art best book break buddy bus chance chase church class classroom coach coaching colleague content
core course curriculum data day days ed english feedback field fine fish free friend good grade great group
hall hand hard head help high hour hours idea instruction king lab language lead leader learn learning
lesson life little long math mathematics media meeting middle model month music new news next office online
page park part peer person place plan planning practice price principal question read reader reading room
school science series service session share short side small social special staff stone student students
study subject summer support teach teacher teachers teaching team test time topic training unit units visit
wall week weeks white winter wise word words work working workshop year years
admin al biz bin com da de del della den der di dos du e edd el email esq gmail ii iii info iv jr la le lo los
mail md na none nee net null of org phd sr st tbd te ten test unknown vacant van vande vel von y zu
"""

# Abbreviations of the field that are written in capitals and name nobody.
_ACRONYMS = """
AI AP CTE DEI EL ELA ELD ELL ELS ESL ESSA EL'S GT HR IB IEP IEPS IT IXL K LMS LTRS LETRS MAP MLL MTSS NGSS
OK PBIS PD PE PL PLC PLCS PTO QA RTI SAT SEL SPED SST STEAM STEM TESOL TV UDL US USA WIDA
"""

FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
COMMON_HERE = frozenset(_COMMON_HERE.split())
ACRONYMS = frozenset(_ACRONYMS.split())

"""Whether a word is put together as medical words are (osteo-petr-osis), and so is a word, whether or not the course has it.

A slip breaks one of the parts; a word whose parts are all sound is another word, however few letters lie between the two. Knows
nothing of any course.
"""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.patterns import pattern

_PARTS = (
    "abdomin acanth acr aden adip adren aer alveol amni amyl andr angi ankyl anter aort arachn arter arteri arthr ather atri audi aut "
    "balan bi blast blephar brachy brady bronch bronchi bucc burs calc cantho carcin card cardi carp cephal cerebell cerebr cervic cheil chol "
    "cholangi cholecyst choledoch chondr chori chrom cirrh cleid col colp coni corne cox crani crypt cutane cyan cyst cyt dacry dactyl dent derm "
    "dermat dipl dors duoden dys dactyl ectop ect embol encephal end enter eosin epi episi erythr esophag esthesi faci febr fibr fibrin funicul galact gangli "
    "gastr gingiv gli glomerul gloss gluc glyc gon gyn gynec haem haemat hem hemat hemi hepat heter hidr hist hom hydr hyper hyp hypn hyster ichthy ile immun intr irid is "
    "ischi isch kal kerat kinesi kyph labi lact lacrim laryng lei leiomy leuc leuk lymph lingu lip lith lob lord lymphaden macr mal mamm mast "
    "mastoid maxill meg megal melan men mening menisc mes metr micr mon muc my myc myel myring myx narc nas natr necr nephr neur neutr noct "
    "ocul odont oesophag olig onc onych oophor ophthalm opt or orch orchi orth osm osse oste ot ox pachy paed palat pan pancreat papill para parathyroid "
    "path ped peri pericardi periton petr phac phak pharyng phleb phon phot phren pil plasm plant pleur pneum pneumon pod poikil poly polyp por "
    "post presby proct prostat prosthes prurit pseud psych pub pulmon py pyel pylor radi radicul rect ren retin rhabd rhabdomy rheumat rhin sacr "
    "salping sarc schist schiz scler scoli seb semin sept sial sider sigmoid sinus somat sperm sphen spir splen spondyl staphyl steat sten stern stomat strept "
    "syn syndesm synov tachy tars tel ten tend tendin test thorac thromb thym thyr thyroid tibi tonsill top tox trache trachel trich trop tympan "
    "typhl ulcer uln ur ureter urethr uric uter uve vagin valvul varic vas vascul ventricul vertebr vesic vitr viscer xanth xer "
)
_ENDS = (
    "aemia algia asthenia atresia cele centesis cidal clasia cyte cytosis derma desis dipsia dynia ectasia ectasis ectomy ectopia emesis emia esthesia gen genesis "
    "globinuria gram graphy iasis ism itis kinesia lepsy lysis lytic malacia mania megaly oid oma opia opsia osis ostomy otomy oxia paenia paresis "
    "pathy penia pepsia pexy phagia phasia philia phobia phonia plasia plasm plasty plegia pnea pnoea poiesis pore ptosis ptysis rrhage "
    "rrhagia rrhaphy rrhea rrhexis rrhoea sarcoma sclerosis spasm stasis stenosis taxia tocia tomy tonia trophy tropia uria "
)
_SHAPE = pattern(
    f"(?:(?:{'|'.join(sorted(_PARTS.split(), key=len, reverse=True))})[oi]?)+(?:{'|'.join(sorted(_ENDS.split(), key=len, reverse=True))})"
)
_SHORTEST = 8
_LONGEST = 40
_BRITISH = re.compile(r"[ao]e")


@lru_cache(4096)
def is_medical_word(word: str) -> bool:
    """Whether the word, in lower case, is all combining forms and an ending: "osteopetrosis", not "osteoporisis"."""
    return _SHORTEST <= len(word) <= _LONGEST and _SHAPE.fullmatch(word) is not None


def spelt_alike(one: str, other: str) -> bool:
    """Whether two words are two spellings of one ("anemia" and "anaemia", "leucodystrophy" and "leukodystrophy")."""
    return _plain(one) == _plain(other)


def _plain(word: str) -> str:
    return _BRITISH.sub("e", word).replace("c", "k")

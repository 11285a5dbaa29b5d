"""Designs of letters among Debian's font packages; one design, however many names it goes by, is one source."""

# What the model is trained on: six book faces, upright and of normal weight.
TRAINED = ["DejaVu Serif", "CMU Serif", "Linux Libertine O", "Gentium", "PT Serif", "Charis SIL"]

JUDGED = {
    "plain type": """
        Accanthis ADF Std, Agave, Alfios, Amiri, Andika, Anonymous Pro, Arapey, Averia Sans GWF, Averia Serif GWF, B612,
        Baskervald ADF Std, Berenis ADF Pro, C059, Cabin, Caladea, Cantarell, Cardo, Carlito, CMU Bright, CMU Concrete,
        CMU Sans Serif, Comfortaa, DejaVu Sans, Dosis, Dustismo Roman, EB Garamond, Essays1743, Fanwood Text, Fira Code,
        GFS Artemisia, GFS Didot, Gillius ADF, Go, Goudy Bookletter 1911, Ikarius ADF Std, Inconsolata, Inter, Irianis
        ADF Std, JetBrains Mono, Junction, Junicode Two Beta, Jura, Karla, Klaudia, Lato, League Spartan, Libris ADF
        Std, Linden Hill, Linux Biolinum O, M PLUS 1, Mekanus ADF Std, monofur, mononoki, NanumGothic, NanumMyeongjo,
        National Park, Nimbus Roman, Nimbus Sans, Norasi, Noto Sans, Noto Serif, okolaks, Old Standard TT, Oldania ADF
        Std, Open Sans, Oxygen-Sans, P052, Play, Prociono, PT Sans, Quattrocento, Quercus, Quicksand, Roboto, Roboto
        Slab, Romande ADF Std, Suranna, Tribun ADF Std, Tuffy, UnBatang, Universalis ADF Std, URW Bookman, URW Gothic,
        Verana Sans, Vollkorn, Yanone Kaffeesatz
    """,
    "written or ornamental": """
        Abecedario, Breip, Comic Neue, Dancing Script, Delphine, Domestic Manners, Ecolier_court, El Abogado Loco,
        Engadget, femkeklaver, Fette classic UNZ Fraktur, flatline, Great Vibes, Hamlet, Humor Sans, Isabella, It wasn't
        me, Jessen, Junkyard, Kristi, Lobster Two, Marked Fool, Penguin Attack, RIT-Sundar, Romande ADF Script Std,
        Rufscript, Rusch, Steve, Summersby, Tomson Talks, UnPilgi, Wargames, Winks, Z003
    """,
}


def judged():
    """Each design with how it is drawn."""
    return [(" ".join(name.split()), kind) for kind, names in JUDGED.items() for name in names.split(",")]

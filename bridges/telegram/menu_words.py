"""The menu in languages other than the acts' own; what has no words here stays English."""

from collections.abc import Mapping

MENU: Mapping[str, Mapping[str, str]] = {
    "de": {
        "create": "Veröffentliche, was du selbst gemacht hast",
        "feed": "Zeig, was andere gemacht haben",
        "search": "Finde Werke nach Worten, Bedeutung oder Urheber",
        "remix": "Mach aus den Werken anderer etwas Neues",
        "paint": "Lass ein Bild malen",
        "digest now": "Zeig, was deine Auslese jetzt enthielte",
        "memory show": "Zeig, was dein Agent von dir weiß",
        "jam start": "Beginne hier eine Jam",
        "jam join": "Mach bei der Jam mit",
        "jam add": "Füge der Jam etwas hinzu",
        "help": "Erkläre alles, was du hier tun kannst",
    },
    "es": {
        "create": "Publica lo que has hecho tú",
        "feed": "Mira lo que han hecho otros",
        "search": "Encuentra obras por palabras, sentido o autor",
        "remix": "Haz algo nuevo con las obras de otros",
        "paint": "Pide un cuadro",
        "digest now": "Mira lo que traería ahora tu resumen",
        "memory show": "Mira lo que tu agente sabe de ti",
        "jam start": "Empieza una jam aquí",
        "jam join": "Únete a la jam",
        "jam add": "Añade algo a la jam",
        "help": "Explica todo lo que puedes hacer aquí",
    },
}

"""Every page of the product, and who gets it."""

from support.huis import MENSEN

IEDEREEN = {login for login, *_ in MENSEN}
UITVOEREND = IEDEREEN - {"esther", "tom"}
REGIE = {"fatma", "marjan"}  # casemanager, teamleider
SCHRIJVERS = {"fatma", "ineke", "ruud", "bram", "loes"}  # who keep hours
MAP_B1 = {"ruud", "bram"}  # IVIO does the MAP of the B1-route, with Werkom

# address -> who gets a page; the others are told that they may not
PAGINAS = {
    "/werklijst/": IEDEREEN,
    "/werklijst/?tab=team": IEDEREEN,
    "/taken/{plan}": REGIE,
    "/taken/{meld_uren}": REGIE | MAP_B1,
    "/taken/{plan}/vermoeden": set(),
    "/dossiers/": IEDEREEN,
    "/dossiers/nieuw": REGIE,
    "/dossiers/{dossier}": REGIE | MAP_B1,
    "/dossiers/{dossier}/gegevens": REGIE | MAP_B1,
    "/dossiers/{dossier}/gegevens/leerroute": REGIE,
    "/dossiers/{dossier}/journaal": REGIE,
    "/dossiers/{dossier}/besluiten": REGIE,
    "/dossiers/{dossier}/overdracht": REGIE,
    "/dossiers/{dossier}/overdracht/inlezen": REGIE,
    "/dossiers/{dossier}/brieven": REGIE | MAP_B1,
    "/dossiers/{dossier}/schema": REGIE | MAP_B1,
    "/dossiers/{dossier}/schema/klein": REGIE | MAP_B1,
    "/dossiers/{dossier}/schema/klein.bpmn": REGIE | MAP_B1,
    "/dossiers/{dossier}/bericht": REGIE,
    "/dossiers/{dossier}/casemanager": REGIE,
    "/dossiers/{dossier}/gezin": REGIE,
    "/dossiers/{dossier}/termijnen/pip": REGIE,
    "/dossiers/{dossier}/termijnen/besluit_bezwaar/opschorten": REGIE,
    "/termijnen/": REGIE,
    "/agenda/": IEDEREEN,
    "/uren/": SCHRIJVERS,
    "/uren/maand": SCHRIJVERS,
    "/uren/maand.csv": SCHRIJVERS,
    "/uren/voorbeeld.csv": SCHRIJVERS,
    "/uren/bestand": SCHRIJVERS,
    "/uren/persoon/{dossier}": {"fatma"} | MAP_B1,
    "/termijnen/termijnen.csv": REGIE,
    "/rapport/": REGIE | {"esther"},
    "/rapport/2026-01-05": REGIE | {"esther"},
    "/rapport/2026-01-05.csv": REGIE | {"esther"},
    "/processen/": REGIE | {"esther", "tom"},
    "/processen/1/proces/klein": REGIE | {"esther", "tom"},
    "/processen/1/proces/klein.bpmn": REGIE | {"esther", "tom"},
    "/processen/1/tabel/processes/rolverdeling.dmn": REGIE | {"esther", "tom"},
    "/processen/1/formulier/plan": REGIE | {"esther", "tom"},
    "/processen/1.zip": REGIE | {"esther", "tom"},
    "/processen/1/verschillen": REGIE | {"esther", "tom"},
    "/processen/nieuw": {"esther"},
    "/processen/1/migreren/": {"esther", "tom"},
    "/herverdelen/": {"marjan", "esther"},
    "/verwijderen/": {"marjan", "tom"},
    "/verwijderen/{dossier}": {"marjan", "tom"},
    "/verwijderen/{dossier}?soort=correctie": {"marjan", "tom"},
    "/incidenten/": {"esther", "tom"},
    "/meldingen/": IEDEREEN,
    "/meldingen/e-mail": IEDEREEN,
    "/accounts/": {"tom"},
    "/accounts/nieuw": {"tom"},
    "/accounts/{account}": {"tom"},
    "/accounts/tokens": {"tom"},
}

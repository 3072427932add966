"""`make messages`: bring the catalogues up to date and say what is left to translate."""

from __future__ import annotations

from tests.language.keeping import files, merged, read, told, write

for file in files():
    catalog = merged(read(file))
    write(catalog, file)
    print(*told(file.parts[-3], catalog), sep="\n")

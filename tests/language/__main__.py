"""`make messages`: bring the catalogues up to date and say what is left to translate."""

from __future__ import annotations

from tests.language.keeping import files, merged, read, texts, write

for file in files():
    catalog = merged(read(file))
    write(catalog, file)
    lacking = [message for message in catalog if message.id and not all(texts(message.string))]
    for message in lacking:
        print(f"{message.locations[0][0]}: {message.id}")
    print(f"{file.parts[-3]}: {len(catalog)} messages, {len(lacking)} not translated")

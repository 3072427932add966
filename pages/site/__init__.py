"""The documentation as a site (`make site`): what mkdocs.yml cannot say.

Pages link as they do in the repository, so that they work there too; what they name outside docs/ becomes
part of the site, folders of the navigation are filled, and the gallery's reports are made.
"""
